"""The built site as a whole: valid HTML, small enough, and nothing in it that is not said to be."""

import re
from pathlib import Path

import html5lib

MOST_BYTES = 9_000_000


def test_the_page_is_valid_html(dist: Path) -> None:
    parser = html5lib.HTMLParser()
    parser.parse((dist / "index.html").read_text("utf-8"))
    assert parser.errors == []


def test_a_first_visit_is_small_enough_with_the_oldest_compression(dist: Path) -> None:
    """What is loaded until the page is ready: what index.html names, and what its scripts load."""
    page = (dist / "index.html").read_text("utf-8")
    named = set(re.findall(r'\b(?:src|href)="\./([^"#]+)"', page)) - {"licences.txt"}
    loaded = {"index.html", *named, *(path.relative_to(dist).as_posix() for path in dist.rglob("*.wasm"))}
    sizes = {}
    for name in loaded:
        compressed = dist / f"{name}.gz"
        sizes[name] = (compressed if compressed.exists() else dist / name).stat().st_size
    assert any(name.endswith(".wasm") for name in sizes)
    assert sum(sizes.values()) <= MOST_BYTES, sizes
