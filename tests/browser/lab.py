"""What tests do with the convergence lab, found by role and accessible name."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from perceptorium.lab import Outcomes, Results, run_unit, table3, units

NETWORKS = 20


def lab(page: Page) -> Locator:
    return page.get_by_role("region", name="Convergence lab")


def fill(page: Page, name: str, value: str) -> None:
    field = lab(page).get_by_role("spinbutton", name=name)
    field.fill(value)
    field.press("Enter")


def run(page: Page) -> None:
    lab(page).get_by_role("button", name="Run experiment").click()
    # The strip is longer when the run is over than at any time before: the exports appear with the last result.
    expect(lab(page).get_by_role("button", name="Save CSV")).to_be_visible(timeout=60_000)


def saved(page: Page, name: str) -> str:
    with page.expect_download() as download:
        lab(page).get_by_role("button", name=name).click()
    return Path(download.value.path()).read_text("utf-8")


def measure_table_3(app: Page) -> None:
    """Run table 3 and compare every network of it with the command line's."""
    fill(app, "Networks per row", str(NETWORKS))
    run(app)
    plan = table3(NETWORKS)
    expected = Results.none(plan).put((unit, run_unit(plan, unit, "compiled")) for unit in units(plan, NETWORKS))
    loaded = json.loads(saved(app, "Save JSON"))
    assert loaded["complete"] is True
    rows = list(csv.DictReader(io.StringIO(saved(app, "Save CSV"))))
    for position, (entry, row) in enumerate(zip(loaded["rows"], expected.rows, strict=True)):
        assert isinstance(row, Outcomes)
        assert [network["epochs"] for network in entry["networks"]] == row.epochs.tolist()
        part = rows[position * NETWORKS : (position + 1) * NETWORKS]
        assert [int(line["trained"]) for line in part] == row.epochs.tolist()
    table = lab(app).get_by_role("table", name="Convergence")
    tanh = table.get_by_role("row").filter(has=app.get_by_role("rowheader", name="4 Tanh"))
    expect(tanh).to_contain_text("387 ± 167")
    expect(tanh.get_by_role("img")).to_have_count(1)
