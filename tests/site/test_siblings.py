"""Compressed files beside the others: the same contents, only where it pays, and brotli's work is done once."""

import gzip
from pathlib import Path

import brotli
import pytest

from sitebuild import siblings as module
from sitebuild.siblings import siblings

TEXT = b"network " * 500


def test_a_sibling_holds_the_same_contents(tmp_path: Path) -> None:
    found = siblings({"a/b.wasm": TEXT}, tmp_path)
    assert set(found) == {"a/b.wasm.gz", "a/b.wasm.br"}
    assert gzip.decompress(found["a/b.wasm.gz"]) == brotli.decompress(found["a/b.wasm.br"]) == TEXT
    assert len(found["a/b.wasm.br"]) < len(TEXT) / 10


def test_what_is_compressed_or_tiny_has_none(tmp_path: Path) -> None:
    assert siblings({"a.pack": TEXT, "b.zip": TEXT, "c.png": TEXT, "d.js": TEXT[:100]}, tmp_path) == {}


def test_brotli_works_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = siblings({"a.js": TEXT}, tmp_path)
    monkeypatch.setattr(module.brotli, "compress", lambda _: pytest.fail("compressed again"))
    assert siblings({"b.js": TEXT}, tmp_path) == {name.replace("a", "b", 1): data for name, data in first.items()}
