"""The service worker names every file with its hash, and is another file whenever anything else is."""

import json
import re

import pytest

from sitebuild.digest import integrity
from sitebuild.errors import BuildError
from sitebuild.offline import service_worker
from sitebuild.paths import ROOT

TEMPLATE = (ROOT / "web" / "sw.js").read_text("utf-8")


def version(worker: bytes) -> str:
    found = re.search(r'const VERSION = "(\w+)";', worker.decode())
    assert found is not None
    return found[1]


def test_it_lists_everything_with_its_hash() -> None:
    worker = service_worker(TEMPLATE, b"page", {"b.js": b"2", "a.js": b"1"}).decode()
    (files,) = re.findall(r"const FILES = (\[.*?\]);", worker, re.DOTALL)
    assert json.loads(files) == [["", integrity(b"page")], ["a.js", integrity(b"1")], ["b.js", integrity(b"2")]]


def test_any_change_is_another_version() -> None:
    same = service_worker(TEMPLATE, b"page", {"a": b"1", "b": b"2"})
    assert same == service_worker(TEMPLATE, b"page", {"b": b"2", "a": b"1"})
    others = [
        service_worker(TEMPLATE, b"Page", {"a": b"1", "b": b"2"}),
        service_worker(TEMPLATE, b"page", {"a": b"1", "b": b"3"}),
        service_worker(TEMPLATE, b"page", {"a": b"1"}),
        service_worker(TEMPLATE + "// other", b"page", {"a": b"1", "b": b"2"}),
    ]
    assert len({version(worker) for worker in [same, *others]}) == 5


def test_a_template_without_its_places_is_refused() -> None:
    with pytest.raises(BuildError, match=r'web/sw\.js has "build:version" 0 times'):
        service_worker("const FILES = [];", b"", {})
