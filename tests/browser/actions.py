"""What a user may do next, chosen by chance: for the tests that do a lot of it."""

from __future__ import annotations

import random

from playwright.sync_api import Page

# The page is asked for what is there now and does it by real events, so that thousands take seconds.
ACT = """([kind, pick, value]) => {
    const chosen = (selector) => {
        const found = [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility() && !e.disabled);
        return found[Math.floor(pick * found.length)];
    };
    const say = (element, ...kinds) => kinds.forEach((kind) => element.dispatchEvent(new Event(kind, {bubbles: true})));
    const click = "main [data-click]:not([data-click^=download], [data-click^=copy], [data-click^=lab-save], " +
        "[data-click=measure])";
    switch (kind) {
        case "click": chosen(click)?.dispatchEvent(new MouseEvent("click", {bubbles: true})); break;
        case "train": {
            const train = document.querySelector("[data-click=train]");
            train.click();
            if (value > 0.5) train.click();
            break;
        }
        case "number": {
            const field = chosen("main input[type=number]");
            if (!field) break;
            field.value = [value * 10, Math.round(value * 8), "", "1e309", "-1", "abc"][Math.floor(value * 60) % 6];
            say(field, "input", "change");
            break;
        }
        case "range": {
            const slider = chosen("main input[type=range]");
            if (!slider) break;
            slider.value = Number(slider.min) + value * (slider.max - slider.min);
            say(slider, "input", "change");
            break;
        }
        case "select": {
            const select = chosen("main select");
            if (!select) break;
            select.selectedIndex = Math.floor(value * select.options.length);
            say(select, "input", "change");
            break;
        }
        case "choose": chosen("main :is(input[type=radio], input[type=checkbox])")?.click(); break;
        case "key": {
            const target = chosen("main [data-keys]");
            target?.focus();
            const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "Escape", "Enter", " "];
            const key = keys[Math.floor(value * keys.length)];
            target?.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
            break;
        }
        case "point": {
            const target = chosen("main :is([data-hover], [data-part], [data-line], [data-drag])");
            const box = target?.getBoundingClientRect();
            const [clientX, clientY] = box ? [box.left + value * box.width, box.top + value * box.height] : [];
            const at = {clientX, clientY, buttons: 1};
            for (const kind of ["pointerover", "pointermove", "pointerout"]) {
                target?.dispatchEvent(new PointerEvent(kind, {bubbles: true, ...at}));
            }
            break;
        }
        case "edit": {
            const program = document.querySelector("textarea");
            if (!program) break;
            const at = Math.floor(value * program.value.length);
            const typed = ["", "(", "import os", "0.3", "<b>"][at % 5];
            program.value = program.value.slice(0, at) + typed + program.value.slice(at + 1);
            say(program, "input", "change");
            break;
        }
        case "link":
            location.hash = value < 0.3 ? "" : `hidden=${Math.floor(value * 9)}&activation=Tanh&seed=%${value}`;
            break;
        case "open": chosen("details:not([open])")?.setAttribute("open", ""); break;
    }
}"""

KINDS = {
    "click": 10,
    "train": 3,
    "number": 3,
    "range": 2,
    "select": 2,
    "choose": 2,
    "key": 2,
    "point": 3,
    "edit": 1,
    "link": 0.4,
    "open": 0.5,
}


def random_actions(page: Page, seed: int, count: int) -> None:
    """Do ``count`` things, with a frame for the page now and then, as between two of a user's."""
    chance = random.Random(seed)
    for _ in range(count):
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
        page.evaluate(ACT, [kind, chance.random(), chance.random()])
        if chance.random() < 0.3:
            page.evaluate("new Promise(requestAnimationFrame)")
