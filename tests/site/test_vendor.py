"""The NumPy wheel: where it comes from, and that nothing with another hash is ever used."""

import functools
import hashlib
import json
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sitebuild import sources, vendor
from sitebuild.errors import VendorError
from sitebuild.runtime_lock import LockedFile, RuntimeLock
from sitebuild.sources import Source, SourceError

WHEEL = b"the right bytes"
WANTED = LockedFile("numpy.whl", hashlib.sha256(WHEEL).hexdigest())

obtain = functools.partial(vendor.obtain, say=lambda _: None)


def source(title: str, answer: bytes | Exception, asked: list[str] | None = None) -> Source:
    """A source that gives the same answer each time and notes that it was asked."""

    def fetch(name: str) -> bytes:
        if asked is not None:
            asked.append(f"{title}: {name}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Source(title, fetch)


class FakeCdn(BaseHTTPRequestHandler):
    """Serves the wheel, breaks off in the middle, or has nothing, by the folder that is asked for."""

    def do_GET(self) -> None:
        if self.path == "/good/numpy.whl":
            self.answer(WHEEL)
        elif self.path == "/broken/numpy.whl":
            self.answer(WHEEL[:4])
        else:
            self.send_error(404)

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(WHEEL)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def cdn() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), FakeCdn) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_cached_wheel_needs_no_source(tmp_path: Path) -> None:
    (tmp_path / WANTED.name).write_bytes(WHEEL)
    assert obtain(WANTED, tmp_path, []).read_bytes() == WHEEL


def test_a_corrupted_cached_wheel_is_refused_and_removed(tmp_path: Path) -> None:
    path = tmp_path / WANTED.name
    path.write_bytes(b"the wrong bytes")
    with pytest.raises(VendorError) as caught:
        obtain(WANTED, tmp_path, [source("any", WHEEL)])
    for part in (str(path), WANTED.sha256, hashlib.sha256(b"the wrong bytes").hexdigest()):
        assert part in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    assert obtain(WANTED, tmp_path, [source("any", WHEEL)]).read_bytes() == WHEEL


def test_a_source_with_another_hash_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    asked: list[str] = []
    with pytest.raises(VendorError) as caught:
        obtain(WANTED, tmp_path, [source("first", b"tampered", asked), source("second", WHEEL, asked)])
    for part in ("numpy.whl from first", WANTED.sha256, hashlib.sha256(b"tampered").hexdigest()):
        assert part in str(caught.value)
    assert asked == ["first: numpy.whl"]
    assert list(tmp_path.iterdir()) == []


def test_sources_are_asked_in_order_until_one_has_it(tmp_path: Path) -> None:
    asked: list[str] = []
    chain = [source("a", SourceError("down"), asked), source("b", WHEEL, asked), source("c", WHEEL, asked)]
    assert obtain(WANTED, tmp_path / "new" / "cache", chain).read_bytes() == WHEEL
    assert asked == ["a: numpy.whl", "b: numpy.whl"]


def test_a_network_that_is_down_ends_in_one_sentence_that_lists_what_was_tried(tmp_path: Path) -> None:
    chain = [source("the CDN", SourceError("no route")), source("the carrier", SourceError("no index"))]
    sentence = r"numpy\.whl is not in the cache .*: the CDN \(no route\); the carrier \(no index\)\."
    with pytest.raises(VendorError, match=sentence):
        obtain(WANTED, tmp_path, chain)
    assert list(tmp_path.iterdir()) == []


def test_the_default_order_is_cdn_then_carrier() -> None:
    assert [s.title for s in sources.default_sources("1.2")] == ["Pyodide's CDN", "the PyPI package open-webui==0.12.4"]


def test_a_web_folder_fetches(cdn: str) -> None:
    assert sources.web_folder("fake", cdn + "good/").fetch("numpy.whl") == WHEEL


@pytest.mark.parametrize(("folder", "reason"), [("none/", "Not Found"), ("broken/", "IncompleteRead")])
def test_a_web_folder_without_the_file_or_broken_off_is_unavailable(cdn: str, folder: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        sources.web_folder("fake", cdn + folder).fetch("numpy.whl")


def test_an_interrupted_download_leaves_nothing_and_the_next_source_is_asked(cdn: str, tmp_path: Path) -> None:
    chain = [sources.web_folder("fake", cdn + "broken/"), source("second", WHEEL)]
    obtain(WANTED, tmp_path, chain)
    assert [path.name for path in tmp_path.iterdir()] == [WANTED.name]


def test_an_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        obtain(WANTED, tmp_path, [source("any", WHEEL)])
    assert list(tmp_path.iterdir()) == []


def test_an_unreachable_server_fails_over_at_once() -> None:
    with HTTPServer(("127.0.0.1", 0), FakeCdn) as closed:
        port = closed.server_port
    with pytest.raises(SourceError, match="refused"):
        sources.web_folder("fake", f"http://127.0.0.1:{port}/").fetch("numpy.whl")


def fake_pip(member: str | None) -> sources.Runner:
    """A pip that downloads a wheel with one member, or fails."""

    def run(command: list[str]) -> "subprocess.CompletedProcess[str]":
        assert command[-1] == "open-webui==0.12.4"
        assert "--no-deps" in command
        assert "--only-binary=:all:" in command
        if member is None:
            errors = "WARNING: retrying\nERROR: No matching distribution\n"
            return subprocess.CompletedProcess(command, 1, stderr=errors)
        folder = Path(command[command.index("--dest") + 1])
        with zipfile.ZipFile(folder / "open_webui-0.12.4-py3-none-any.whl", "w") as wheel:
            wheel.writestr(member, WHEEL)
        return subprocess.CompletedProcess(command, 0, stderr="")

    return run


def test_the_carrier_gives_its_member() -> None:
    pip = fake_pip("open_webui/frontend/pyodide/numpy.whl")
    assert sources.pypi_carrier(pip).fetch("numpy.whl") == WHEEL


@pytest.mark.parametrize(("member", "reason"), [(None, "^No matching distribution$"), ("other", "has no open_webui/")])
def test_a_carrier_that_fails_is_unavailable(member: str | None, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        sources.pypi_carrier(fake_pip(member)).fetch("numpy.whl")


def test_the_lock_is_pyodides_own(tmp_path: Path) -> None:
    numpy = {"file_name": "numpy-9.whl", "sha256": "ab", "depends": []}
    lock_text = json.dumps({"info": {"python": "3.14.2"}, "packages": {"numpy": numpy, "other": {}}})
    (tmp_path / "package.json").write_text('{"version": "314.0.3"}')
    (tmp_path / "pyodide-lock.json").write_text(lock_text)
    lock = RuntimeLock.read(tmp_path)
    assert (lock.version, lock.numpy) == ("314.0.3", LockedFile("numpy-9.whl", "ab"))
    assert (lock.python, lock.reduced) == ("3.14", {"info": {"python": "3.14.2"}, "packages": {}})


def test_a_missing_npm_package_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(VendorError, match="is missing; run `make build`"):
        RuntimeLock.read(tmp_path)
