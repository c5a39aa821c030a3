"""Form controls by their role and accessible name; an action string says what each means."""

from __future__ import annotations

from perceptorium.views.markup import Child, Element, h


def button(name: str, action: str, *, kind: str = "", disabled: bool = False, title: str | None = None) -> Element:
    """A push button."""
    return h(
        "button",
        name,
        type="button",
        class_=f"button {kind}".rstrip(),
        data_click=action,
        disabled=disabled,
        title=title,
    )


def spin(
    name: str,
    value: float,
    low: float,
    high: float,
    action: str,
    *,
    step: float = 1,
    label: Child = None,
) -> Element:
    """A number that can be typed or stepped; ``label`` is shown, ``name`` is what it is called."""
    return h(
        "label",
        h("span", label or name, class_="label"),
        h(
            "input",
            type="number",
            aria_label=name,
            value=f"{value:g}" if isinstance(value, float) else value,
            min=f"{low:g}",
            max=f"{high:g}",
            step=f"{step:g}",
            inputmode="decimal" if step < 1 else "numeric",
            data_change=action,
            autocomplete="off",
        ),
        class_="field",
    )


def radios(
    name: str, group: str, options: tuple[tuple[str, str], ...], chosen: str, action: str, part: str | None = None
) -> Element:
    """One of a few: ``options`` are (value, text)."""
    return h(
        "div",
        tuple(
            h(
                "label",
                h(
                    "input",
                    type="radio",
                    name=group,
                    value=value,
                    checked=value == chosen,
                    data_change=action,
                ),
                h("span", text),
                class_="radio",
            )
            for value, text in options
        ),
        role="radiogroup",
        aria_label=name,
        class_="radios",
        data_part=part,
    )


def output(name: str, value: str, *, slot: str, unit: str = "") -> Element:
    """A number with its name; its text is the bare number.

    An ``output`` would have every change of it read aloud, of which training makes sixty a second: the caption says
    once what training came to.
    """
    ident = f"out-{slot}"
    return h(
        "div",
        h("label", name, for_=ident, class_="label"),
        h("output", value, id=ident, aria_live="off", data_slot=slot, class_="number"),
        h("span", unit, class_="unit") if unit else None,
        class_="reading",
    )


def selection(name: str, options: tuple[tuple[str, str], ...], chosen: str, action: str) -> Element:
    """One of many: ``options`` are (value, text)."""
    return h(
        "label",
        h("span", name, class_="label"),
        h(
            "select",
            tuple(h("option", text, value=value, selected=value == chosen) for value, text in options),
            data_change=action,
            aria_label=name,
            autocomplete="off",
        ),
        class_="field",
    )


def check(name: str, action: str, *, checked: bool) -> Element:
    """A box to tick; it sends ``on`` or ``off``."""
    box = h("input", type="checkbox", checked=checked, data_change=action)
    return h("label", box, h("span", name), class_="check")
