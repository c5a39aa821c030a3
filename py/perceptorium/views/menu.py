"""The page's menu: theme, and sharing by link or file."""

from __future__ import annotations

from perceptorium.link import SECTIONS
from perceptorium.session import State
from perceptorium.views.controls import button, check, radios
from perceptorium.views.markup import Element, h
from perceptorium.views.pictures import picture_form

SECTION_NAMES = {
    "xor": "XOR playground",
    "concepts": "PyTorch concepts",
    "pipeline": "Training pipeline",
    "lab": "Convergence lab",
    "about": "About the method",
}
LOCKABLE = {
    "hidden": "layers",
    "activation": "activation",
    "learning_rate": "learning rate",
    "loss": "loss function",
    "optimiser": "optimizer",
    "dataset": "data",
    "batch_size": "batch",
    "init": "first weights",
    "seed": "seed",
    "stop_below": "stop rule",
}
THEMES = (("system", "system"), ("light", "light"), ("dark", "dark"))


def menu(state: State) -> Element:
    """Theme, and a form for links and files."""
    return h(
        "div",
        radios("Theme", "theme", THEMES, state.theme, "theme"),
        h(
            "details",
            h("summary", "Share", class_="button"),
            h("div", *_link_form(state), h("hr"), _files(), picture_form(), class_="settings share"),
            class_="more",
        ),
        class_="group menu",
    )


def menu_frame(state: State) -> tuple[object, ...]:
    """All that it shows."""
    return state.theme, state.share


def _link_form(state: State) -> tuple[Element, ...]:
    def ticks(option: str, names: dict[str, str]) -> tuple[Element, ...]:
        return tuple(
            check(text, f"share:{option}:{name}", checked=(option, name) in state.share) for name, text in names.items()
        )

    sections = {name: SECTION_NAMES[name] for name in SECTIONS if name in SECTION_NAMES}
    return (
        h("p", "A link holds the whole experiment; whoever opens it sees this network before training.", class_="hint"),
        *ticks("weights", {"weights": "with exactly the weights on screen"}),
        h("fieldset", h("legend", "Hide"), *ticks("hide", sections)),
        h("fieldset", h("legend", "Lock"), *ticks("lock", LOCKABLE)),
        h("div", button("Copy link", "copy-link", kind="primary"), class_="group"),
    )


def _files() -> Element:
    return h(
        "div",
        button("Save experiment", "download:experiment"),
        h("label", h("span", "Open experiment", class_="button"),
          h("input", type="file", accept=".json,application/json", aria_label="Open experiment", data_file="open-file"),
          class_="open-file"),
        button("Save history", "download:history"),
        class_="group",
    )  # fmt: skip
