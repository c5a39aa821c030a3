"""Finding things on the page by role and accessible name."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def network(page: Page) -> Locator:
    """The section that holds the workbench."""
    return page.get_by_role("region", name="Network", exact=True)


def code(page: Page) -> Locator:
    """The region of the program."""
    return page.get_by_role("region", name="PyTorch code")


def inspector(page: Page) -> Locator:
    """The region of the selected thing's numbers."""
    return page.get_by_role("region", name="Inspector")


def reading(page: Page, name: str) -> float:
    """The bare number of an output."""
    return float(network(page).get_by_role("status", name=name, exact=True).inner_text())


def press(page: Page, name: str) -> None:
    """Press a button of the workbench."""
    network(page).get_by_role("button", name=name, exact=True).click()


def choose(page: Page, name: str) -> None:
    """Choose a radio button, whose text covers it."""
    network(page).get_by_role("radio", name=name, exact=True).check(force=True)


def set_number(page: Page, name: str, value: str) -> None:
    """Type a number and leave the field with Enter."""
    field = network(page).get_by_role("spinbutton", name=name, exact=True)
    field.fill(value)
    field.press("Enter")
