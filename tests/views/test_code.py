"""The code pane: the text is the program's, whatever is marked in it; lines and things on the page find each other."""

from __future__ import annotations

import re

import pytest

from perceptorium import messages as m
from perceptorium.experiment import Experiment
from perceptorium.selection import Weight
from perceptorium.session import State, initial_state, update
from perceptorium.session.coding import source
from perceptorium.views.code import code
from perceptorium.views.markup import Element, text_content
from perceptorium.views.panels import PANELS


def after(*messages: m.Message, experiment: Experiment | None = None) -> State:
    state = initial_state(experiment)
    for message in messages:
        state = update(state, message)
    return state


def found(tree: Element, attribute: str) -> list[Element]:
    own = [tree] if tree.get(attribute) is not None else []
    return own + [e for child in tree.children if isinstance(child, Element) for e in found(child, attribute)]


def program(state: State) -> Element:
    return next(element for element in found(code(state), "aria-label") if element.get("aria-label") == "Program")


@pytest.mark.parametrize("form", ["listing", "exact"])
@pytest.mark.parametrize("highlighting", [False, True])
@pytest.mark.parametrize("read", [None, 3])
def test_the_text_is_the_program(form: str, highlighting: bool, read: int | None) -> None:
    messages: list[m.Message] = [m.SetForm(form)]  # type: ignore[arg-type]
    messages += [m.HighlightingReady()] if highlighting else []
    messages += [m.ReadLine(read)] if read else []
    state = after(*messages)
    assert text_content(program(state)) == source(state).text


def test_every_phase_marks_its_line() -> None:
    state, seen = after(), []
    for _ in range(9):
        state = update(state, m.StepLine())
        (line,) = found(code(state), "aria-current")
        seen.append(text_content(line).strip())
    assert seen == [
        "optimizer.zero_grad()",
        "x = self.relu(self.fc1(x))",
        "x = self.relu(self.fc2(x))",
        "return torch.sigmoid(self.fc3(x))",
        "loss = criterion(output, y)",
        *["loss.backward()"] * 3,
        "optimizer.step()",
    ]


def test_a_line_and_what_it_means_share_a_name() -> None:
    state = after(m.Select(Weight(2, 0, 0)))
    things = {
        part
        for name in PANELS
        for element in found(PANELS[name].view(state), "data-part")
        for part in str(element.get("data-part")).split()
    }
    by_line = {
        text_content(line).strip(): str(line.get("data-parts")).split() for line in found(code(state), "data-parts")
    }
    for text in (
        "self.fc2 = nn.Linear(4, 4)",
        "optimizer.step()",
        "lr=0.1,",
        "loss.backward()",
        "x = self.relu(self.fc1(x))",
    ):
        assert set(by_line[text]) & things, text
    assert by_line["self.fc2 = nn.Linear(4, 4)"] == ["layer-2"]


def test_an_edit_changes_the_network_and_a_wrong_one_only_says_so() -> None:
    state = after(m.EditCode(None))
    text = source(state).text
    state = update(state, m.EditCode(text.replace("nn.Linear(4, 4)", "nn.Linear(4, 6)")))
    assert state.experiment.hidden == (4, 6)
    wrong = text.replace("nn.Linear(4, 4)", "nn.Linear(3, 6)")
    state = update(state, m.EditCode(wrong))
    assert state.experiment.hidden == (4, 6)
    assert "line 9: nn.Linear(3, 6) does not fit the 4 outputs of fc1" in text_content(code(state))
    assert state.edit is not None
    assert state.edit.text == wrong
    state = update(state, m.EndEdit())
    assert text_content(program(state)) == source(state).text
    assert "nn.Linear(4, 6)" in source(state).text


def test_exact_starts_where_the_network_on_screen_started() -> None:
    state = after(m.SetForm("exact"), m.SetParameter(Weight(1, 0, 0), 0.125), m.ToggleTraining(), m.Advance(5))
    assert "0.125" in source(state).text
    assert state.changed_at is None
    changed = update(state, m.Configure((("learning_rate", 0.5),)))
    assert changed.changed_at == 5
    assert "changed at epoch 5" in text_content(code(changed))
    assert update(changed, m.Reset()).changed_at is None


def test_the_page_prints_what_the_exact_program_prints() -> None:
    state = after(m.SetForm("exact"), m.ToggleTraining(), m.Advance(100))
    shown = text_content(PANELS["controls"].view(state))
    assert f"Loss{state.standing.loss:.8f}" in shown
    assert re.search(r"loss \{loss\.item\(\):\.8f\}", source(state).text)
