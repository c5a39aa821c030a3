"""The lab in the state and on the page: slices, cancelling, refusals, and a failed network in the workbench."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import pytest

from perceptorium import messages as m
from perceptorium.actions import parse
from perceptorium.engine import InvalidValue
from perceptorium.lab import Outcomes, Unit, run_unit, summarise
from perceptorium.session import State, findings, initial_state, update
from perceptorium.session.lab import Lab
from perceptorium.session.lab_bench import bench
from perceptorium.session.lab_network import experiment_of
from perceptorium.views.lab import lab_panel
from perceptorium.views.markup import Element, text_content


def after(state: State, *actions: tuple[str, str]) -> State:
    for action, value in actions:
        state = update(state, parse(action, value))
    return state


def start(*actions: tuple[str, str]) -> State:
    return after(initial_state(), ("lab-set:networks", "20"), ("lab-set:epochs", "300"), *actions)


def run(state: State, most: int = 10**9) -> State:
    state, slices = update(state, m.RunLab()), 0
    while state.lab.running and slices < most:
        slices += 1
        state = update(state, m.AdvanceLab(16.0 * slices))
    return state


@lru_cache
def finished(*actions: tuple[str, str]) -> State:
    return run(start(*actions))


def elements(tree: Element) -> Iterator[Element]:
    yield tree
    for child in tree.children:
        if isinstance(child, Element):
            yield from elements(child)


def find(state: State, attribute: str, value: str) -> Element:
    return next(e for e in elements(lab_panel(state)) if e.get(attribute) == value)


def button(state: State, action: str) -> str:
    return text_content(find(state, "data-click", action))


@pytest.mark.parametrize(("name", "rows"), [("table3", (0, 5)), ("depth", (3, 8))])
def test_slices_give_what_the_command_line_gives(name: str, rows: tuple[int, ...]) -> None:
    state = finished(("lab-choose", name))
    results = state.lab.results
    assert results.complete
    assert state.lab.progress == 1.0
    for row in rows:
        assert results.rows[row] == run_unit(results.plan, Unit(row, 0, 20))


def test_cancel_keeps_what_is_finished_and_run_goes_on() -> None:
    state = run(start(), most=330)
    assert button(state, "lab-run") == "Cancel"
    cancelled = update(state, m.RunLab())
    assert not cancelled.lab.running
    assert [row.done for row in cancelled.lab.results.rows][:2] == [20, 20]
    assert not cancelled.lab.results.complete
    assert button(cancelled, "lab-run") == "Run experiment"
    assert "Cancelled" in text_content(lab_panel(cancelled))
    resumed = run(cancelled)
    assert resumed.lab.units < 6
    assert resumed.lab.results == finished().lab.results


def test_a_state_can_be_taken_up_again() -> None:
    early = run(start(), most=40)
    late = early
    for _ in range(200):
        late = update(late, m.AdvanceLab(0.0))
    again = early
    for _ in range(200):
        again = update(again, m.AdvanceLab(0.0))
    assert again.lab.results == late.lab.results
    assert (again.lab.epoch, again.lab.queue) == (late.lab.epoch, late.lab.queue)


def test_progress_and_the_time_that_is_left() -> None:
    state = update(start(), m.RunLab())
    assert (state.lab.progress, state.lab.seconds_left) == (0.0, None)
    for slice_ in range(300):
        state = update(state, m.AdvanceLab(1000.0 + 10.0 * slice_))
    assert 0.2 < state.lab.progress < 1.0
    expected = 2.99 * (1 / state.lab.progress - 1)
    assert state.lab.seconds_left == pytest.approx(expected)
    bar = find(state, "aria-label", "Experiment progress")
    assert bar.tag == "progress"
    assert bar.get("value") == f"{100 * state.lab.progress:.0f}"


@pytest.mark.parametrize(
    ("action", "value", "sentence"),
    [
        ("lab-set:networks", "0", "networks is '0'; it must be a number from 20 to 1000."),
        ("lab-set:networks", "20.5", "networks is '20.5'; it must be a whole number."),
        ("lab-set:networks", "", "networks is ''; it must be a number from 20 to 1000."),
        ("lab-set:learning_rate", "-1", "learning rate is '-1'; it must be a number from 0.001 to 1."),
        ("lab-set:threshold", "2", "threshold is '2'; it must be a number from 0.0001 to 0.5."),
        ("lab-set:epochs", "1e9", "epochs is '1e9'; it must be a number from 10 to 20000."),
        ("lab-set:first_seed", "-3", "first seed is '-3'; it must be a number from 0 to 4294966295."),
        ("lab-set:init", "zeros", "init is 'zeros'; known are "),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_changes_nothing(action: str, value: str, sentence: str) -> None:
    before = start()
    state = update(before, parse(action, value))
    assert state.lab.note.startswith(sentence)
    assert state.lab.plan == before.lab.plan
    assert state.lab.note in text_content(lab_panel(state))


def said(state: State) -> str:
    return text_content(find(state, "role", "status"))


def test_the_result_is_said_when_the_run_is_over_and_nothing_before() -> None:
    state = update(start(), m.RunLab())
    while state.lab.running:
        assert said(state) == ""
        state = update(state, m.AdvanceLab(16.0))
    table = state.lab.results
    learned = [f"{100 * float(summarise(row).share or 0):.1f} %" for row in table.rows if isinstance(row, Outcomes)]
    shapes = [setting.label for setting in table.plan.settings]
    listed = ", ".join(f"{shape} {share}" for shape, share in zip(shapes, learned, strict=True))
    assert said(state) == f"Done. Learned: {listed}."

    rates = finished(("lab-choose", "learning-rate"), ("lab-set:epochs", "2000"))
    rows = {
        f"{setting.learning_rate:g}": summarise(row)
        for setting, row in zip(rates.lab.plan.settings, rates.lab.results.rows, strict=True)
        if isinstance(row, Outcomes)
    }
    best = max(rows, key=lambda rate: rows[rate].share or 0)
    fastest = min((rate for rate in rows if rows[rate].mean), key=lambda rate: rows[rate].mean or 0)
    assert said(rates).startswith(f"Done. Most learn at η = {best}: ")
    assert f"Fastest at η = {fastest}: {rows[fastest].mean:.0f} epochs." in said(rates)

    depth = finished(("lab-choose", "depth"))
    assert said(depth).startswith("Done. Before training, with 4 hidden layers, the first layer's gradient")
    shares = dict(re.findall(r"(ReLU|Sigmoid|Tanh) ([\d.e−]+\d)", said(depth)))
    assert float(shares["Sigmoid"]) < 0.1 < min(float(shares["ReLU"]), float(shares["Tanh"]))


def test_other_settings_give_another_table_and_the_old_ones_give_the_old() -> None:
    state = finished()
    assert after(state, ("lab-set:threshold", "0.02")).lab.results.done == 0
    assert after(state, ("lab-set:threshold", "0.02"), ("lab-set:threshold", "0.01")).lab.results.complete
    assert after(state, ("lab-choose", "depth"), ("lab-choose", "table3")).lab.results.complete
    with pytest.raises(InvalidValue, match="experiment is 'luck'"):
        after(state, ("lab-choose", "luck"))


def test_the_table_holds_the_papers_figures_beside_ours() -> None:
    empty = text_content(find(start(), "aria-label", "Convergence"))
    assert "812 ± 24572 %" in empty
    state = finished()
    row = state.lab.results.rows[5]
    assert isinstance(row, Outcomes)
    cells = [text_content(e) for e in elements(find(state, "aria-label", "Convergence")) if e.tag in ("th", "td")]
    place = cells.index("8 ReLU")
    assert cells[place + 1 : place + 3] == ["187 ± 89", "100 %"]
    assert cells[place + 4] == f"{100 * (row.kind == 1).mean():.1f} %"
    strip = next(e for e in elements(lab_panel(state)) if (e.get("aria-label") or "").startswith("When 8 ReLU learned"))
    assert strip.get("role") == "img"
    assert f"the first after {row.convergence.min()} epochs" in text_content(strip)


def test_the_claims_stand_with_their_verdicts() -> None:
    state = run(start(("lab-choose", "learning-rate"), ("lab-set:activation", "Tanh"), ("lab-set:epochs", "100")))
    claims = text_content(find(state, "aria-label", "The paper's claims"))
    assert claims.count("not measured") == 1
    assert "Training ended after 100 epochs, too early to tell." in claims


def test_depth_shows_each_moment() -> None:
    state = finished(("lab-choose", "depth"))
    first = text_content(find(state, "aria-label", "Gradient norms"))
    later = text_content(find(after(state, ("lab-set:moment", "3")), "aria-label", "Gradient norms"))
    assert first != later
    assert "That is so" in text_content(lab_panel(state))


@pytest.mark.parametrize("name", ["table3", "learning-rate"])
def test_every_failed_network_fails_in_the_workbench_too(name: str) -> None:
    state = run(start(("lab-choose", name), ("lab-set:first_seed", "40")))
    plan, seen = state.lab.results.plan, 0
    for position, (setting, row) in enumerate(zip(plan.settings, state.lab.results.rows, strict=True)):
        assert isinstance(row, Outcomes)
        for k in row.failed[:3]:
            state = update(state, m.OpenFailed(position))
            seen += 1
            assert state.lab.opened == (position, k)
            assert state.experiment == experiment_of(setting, 40 + k)
            assert state.standing.epoch == setting.epochs
            assert state.standing.loss >= (setting.stop_below or 0.0)
            assert f"seed {40 + k}" in state.note
    assert seen > 6


def test_a_network_that_failed_comes_with_its_diagnosis() -> None:
    state = finished()
    said = []
    for _ in range(4):
        state = update(state, m.OpenFailed(0))
        said += [finding.kind for finding in findings(state)]
    assert "dead_units" in said
    with pytest.raises(InvalidValue, match="row is 99"):
        update(state, m.OpenFailed(99))


def test_the_bench_uses_the_engine_that_there_is() -> None:
    assert bench.usable("compiled") == "NumPy"
    assert finished().lab.results.engine == "NumPy"
    assert Lab().plan.networks == 200
