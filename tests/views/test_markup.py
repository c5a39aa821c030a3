"""Trees: escaping, what cannot be said, and that a diff applied is the new tree."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perceptorium.engine import InvalidValue
from perceptorium.views.diff import apply, diff
from perceptorium.views.markup import Element, h, render, text_content

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onload='x",
    "&lt;",
    "]]>",
    "</p>",
    "a & b < c",
    "${x}",
]


class Reader(HTMLParser):
    """An independent parser that lists what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", NASTY)
def test_text_and_attributes_stay_text(text: str) -> None:
    reader = Reader()
    reader.feed(render(h("p", text, title=text)))
    assert reader.tags == [("p", {"title": text})]
    assert reader.text == text


def test_builder_writes_what_was_asked() -> None:
    tree = h("g", None, ("a", "", 1), h("circle", r=1 / 3, aria_hidden=True, hidden=False), class_="x", data_k=2)
    assert render(tree) == '<g class="x" data-k="2">a1<circle aria-hidden="" r="0.333333"></circle></g>'
    assert text_content(h("p", "a", h("b", "c"), "d")) == "acd"
    assert render(h("input", value="1")) == '<input value="1">'


@pytest.mark.parametrize(
    "build",
    [
        lambda: h("script", "x"),
        lambda: h("p", onclick="x"),
        lambda: h("p", style="x"),
        lambda: h("p", **{"a b": "x"}),
        lambda: h("a b"),
    ],
    ids=["script", "handler", "style", "name", "tag"],
)
def test_what_could_run_code_cannot_be_said(build: object) -> None:
    with pytest.raises(InvalidValue):
        build()  # type: ignore[operator]


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=4)
attributes = st.dictionaries(st.sampled_from(["class", "id", "d", "x"]), texts, max_size=3)


def elements(children: st.SearchStrategy[Element | str]) -> st.SearchStrategy[Element]:
    keyed = st.lists(st.sampled_from("abcdef"), unique=True, max_size=5).flatmap(
        lambda keys: st.tuples(*(st.builds(lambda text, key=key: h("i", text, key=key), texts) for key in keys))
    )
    free = st.lists(children, max_size=4).map(tuple)
    return st.builds(
        lambda tag, kids, pairs: h(tag, *kids, **pairs),
        st.sampled_from(["div", "g", "p"]),
        keyed | free,
        attributes,
    )


trees = st.recursive(elements(texts), lambda inner: elements(texts | inner), max_leaves=12)


@given(trees, trees)
def test_patching_gives_the_new_tree(old: Element, new: Element) -> None:
    assert apply(diff(old, new), old) == new


@given(trees)
def test_no_change_is_no_patch(tree: Element) -> None:
    assert list(diff(tree, tree)) == []
    assert list(diff(tree, apply([], tree))) == []


def test_removing_one_of_many_touches_only_it() -> None:
    old = h("ul", *(h("li", name, key=name) for name in "abcd"))
    new = h("ul", *(h("li", name, key=name) for name in "acd"))
    assert len(list(diff(old, new))) == 1
