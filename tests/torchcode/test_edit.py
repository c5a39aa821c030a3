"""An edited program is understood, or what is wrong is said by line; nothing is ignored and nothing is raised."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from perceptorium.experiment import Edited, Experiment
from perceptorium.torchcode import Form, generate
from tests.torchcode.paper import PAPER
from tests.torchcode.random_experiments import random_experiment

DEFAULT = Experiment()
LISTING = generate(DEFAULT.program()).text
BATCHES = DEFAULT.with_(batch_size=2, shuffle=True)
FIXED = ("XOR", "AND", "OR")


def cases(file: str) -> list[tuple[str, str, str]]:
    """Old text, new text and message of each case: lines with -, + and !. No + takes the whole line out."""
    found = []
    for block in (Path(__file__).parent / file).read_text(encoding="utf-8").split("\n\n"):
        lines = block.strip("\n").split("\n")
        old, new, message = ("\n".join(line[2:] for line in lines if line[0] == mark) for mark in "-+!")
        whole_line = not any(line[0] == "+" for line in lines)
        found.append((old + "\n" * whole_line, new, message))
    return found


@pytest.mark.parametrize("form", ["listing", "exact"])
def test_round_trip(form: Form) -> None:
    """What the text says replaces what another experiment had; what it does not say comes from the same one."""
    choose = random.Random(6)
    for _ in range(150):
        experiment = random_experiment(choose)
        silent = {"init", "seed", "rows", "noise", "test_share", "data_seed", "stop_below"}
        silent |= set() if experiment.hidden else {"activation"}
        silent |= set() if experiment.optimiser == "SGD with momentum" else {"momentum"}
        silent |= set() if experiment.batch_size else {"shuffle"}
        other = random_experiment(choose, **{name: getattr(experiment, name) for name in silent})
        fixed = experiment.dataset in FIXED
        other = other.with_(dataset=choose.choice(FIXED) if fixed else experiment.dataset)
        edited = other.edited(generate(experiment.program(), form).text, form, start=experiment.model())
        assert edited.problems == ()
        assert edited.experiment == experiment


# old text, new text, what changes in the experiment
UNDERSTOOD = [
    ("", "", {}),
    ("nn.Linear(4, 4)", "nn.Linear(4, 6)", {"hidden": (4, 6)}),
    ("nn.Linear(2, 4)", "nn.Linear(2, 3)", {"hidden": (3, 4)}),
    ("nn.Linear(2, 4)", "nn.Linear(in_features=2, out_features=5)", {"hidden": (5, 4)}),
    ("nn.ReLU()", "nn.Tanh()", {"activation": "Tanh"}),
    ("relu", "sigma", {}),
    ("self.relu(self.fc1(x))", "self.relu(  self.fc1(x) )  # the first layer", {}),
    (
        "        x = self.relu(self.fc2(x))\n",
        "        x = self.fc2(x)\n        x = torch.relu(x)\n",
        {},
    ),
    (
        "        x = self.relu(self.fc2(x))\n        return torch.sigmoid(self.fc3(x))",
        "        return torch.sigmoid(self.fc3(self.relu(self.fc2(x))))",
        {},
    ),
    ("lr=0.1", "lr=3e-1", {"learning_rate": 0.3}),
    ("lr=0.1", "lr=1", {"learning_rate": 1.0}),
    ("    lr=0.1,\n", "    0.2,\n", {"learning_rate": 0.2}),
    ("    lr=0.1,\n", "    lr=0.1,\n    momentum=0.8,\n", {"optimiser": "SGD with momentum", "momentum": 0.8}),
    ("optim.SGD", "optim.Adam", {"optimiser": "Adam"}),
    ("range(1000)", "range(250)", {"epochs": 250}),
    ("nn.MSELoss()", "nn.BCELoss()", {"loss": "BCELoss"}),
    ("[[0], [1], [1], [0]]", "[[0], [0], [0], [1]]", {"dataset": "AND"}),
    ("[[0], [1], [1], [0]]", "[[0], [1], [1], [1]]", {"dataset": "OR"}),
    ("XORNet", "MyNet", {}),
    ("super().__init__()", "super(XORNet, self).__init__()", {}),
    ("    if epoch % 100 == 0:\n        print", "    if epoch % 7 == 0:\n        print", {}),
]


@pytest.mark.parametrize(("old", "new", "changes"), UNDERSTOOD)
def test_an_edit_is_understood(old: str, new: str, changes: dict[str, object]) -> None:
    assert old in LISTING
    edited = DEFAULT.edited(LISTING.replace(old, new))
    assert edited.problems == ()
    assert edited.experiment == DEFAULT.with_(**changes)


def test_the_papers_listing_is_understood_as_it_is_printed() -> None:
    assert DEFAULT.with_(hidden=(2,), learning_rate=0.5).edited(PAPER) == Edited(
        DEFAULT.with_(hidden=(4, 4), learning_rate=0.1), ()
    )


def test_layers_may_be_added_and_removed() -> None:
    more = LISTING.replace(
        "        self.fc3 = nn.Linear(4, 1)\n",
        "        self.extra = nn.Linear(4, 5)\n        self.fc3 = nn.Linear(5, 1)\n",
    ).replace("        return", "        x = self.relu(self.extra(x))\n        return")
    assert DEFAULT.edited(more).experiment.hidden == (4, 4, 5)
    fewer = LISTING.replace("        self.fc2 = nn.Linear(4, 4)\n", "").replace(
        "        x = self.relu(self.fc2(x))\n", ""
    )
    assert DEFAULT.edited(fewer).experiment.hidden == (4,)
    none = fewer.replace("        x = self.relu(self.fc1(x))\n", "").replace(
        "        self.fc1 = nn.Linear(2, 4)\n        self.fc3 = nn.Linear(4, 1)\n        self.relu = nn.ReLU()\n",
        "        self.fc3 = nn.Linear(2, 1)\n",
    )
    assert DEFAULT.edited(none).experiment.hidden == ()


def test_the_exact_form_may_change_its_architecture_although_its_weights_no_longer_fit() -> None:
    text = generate(DEFAULT.program(), "exact").text.replace("nn.Linear(4, 4)", "nn.Linear(4, 6)")
    assert DEFAULT.edited(text, "exact").experiment == DEFAULT.with_(hidden=(4, 6))


@pytest.mark.parametrize(("old", "new", "message"), cases("bad_edits.txt"))
def test_a_bad_edit_is_explained_by_line(old: str, new: str, message: str) -> None:
    assert old in LISTING
    edited = DEFAULT.edited(LISTING.replace(old, new, 1))
    assert message in [str(problem) for problem in edited.problems]
    assert edited.experiment == DEFAULT


def test_several_problems_come_in_the_order_of_the_lines() -> None:
    text = LISTING.replace("lr=0.1", "lr=fast").replace("nn.ReLU()", "nn.GELU()")
    assert [problem.line for problem in DEFAULT.edited(text).problems] == [11, 23]


@pytest.mark.parametrize(("old", "new", "message"), cases("bad_edits_of_batches.txt"))
def test_a_bad_edit_of_mini_batches_is_explained_by_line(old: str, new: str, message: str) -> None:
    text = generate(BATCHES.program()).text
    assert old in text
    assert message in [str(problem) for problem in BATCHES.edited(text.replace(old, new)).problems]


def test_an_edited_starting_weight_is_refused() -> None:
    text = generate(DEFAULT.program(), "exact").text
    edited = DEFAULT.edited(text.replace('"fc1.bias": [0.0,', '"fc1.bias": [1.0,'), "exact")
    assert [problem.sentence for problem in edited.problems] == [
        "the starting weights cannot be edited here; change a weight in the network"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "(" * 5000,
        "-" * 20_000 + "1",
        "x" + ".y" * 20_000,
        "class A: pass",
        "for x in y: pass",
        "é\n\t ٣",
        "print()",
    ],
)
def test_any_text_gives_problems_and_raises_nothing(text: str) -> None:
    edited = DEFAULT.edited(text)
    assert edited.problems
    assert edited.experiment == DEFAULT


NESTED = ["-" * 2000 + "1", "x" + ".y" * 2000, "(" * 150 + ")" * 150, "a" + "+a" * 2000, "not " * 999 + "a"]
NESTED += ["f(1 x " + "-" * 2000, "[(1, 2), " * 90, "lambda: " * 2000, "{1: " * 100]


@pytest.mark.parametrize("nested", NESTED)
def test_what_would_overflow_the_browsers_stack_is_not_even_parsed(nested: str) -> None:
    edited = DEFAULT.edited(f"import torch\ny = {nested}\n")
    assert [str(problem) for problem in edited.problems] == ["line 2: this is nested too deeply to be read"]


def test_a_long_chain_of_branches_is_not_even_parsed() -> None:
    edited = DEFAULT.edited("if a:\n    b\n" + "elif a:\n    b\n" * 500)
    assert [problem.line for problem in edited.problems] == [163]


def test_damaged_programs_raise_nothing_and_every_accepted_one_is_a_valid_experiment() -> None:
    choose = random.Random(66)
    for _ in range(300):
        experiment = random_experiment(choose, dataset=choose.choice(FIXED))
        form: Form = choose.choice(("listing", "exact"))
        lines = generate(experiment.program(), form).text.splitlines()
        for _ in range(choose.randint(1, 3)):
            first, second = choose.randrange(len(lines)), choose.randrange(len(lines))
            damage = choose.randrange(4)
            if damage == 0:
                del lines[first]
            elif damage == 1:
                lines[first], lines[second] = lines[second], lines[first]
            elif damage == 2:
                lines.insert(first, lines[second])
            else:
                cut = choose.randrange(len(lines[first]) + 1)
                lines[first] = lines[first][:cut] + choose.choice("0 (.'[=#x") + lines[first][cut + 1 :]
        edited = experiment.edited("\n".join(lines), form)
        assert all(1 <= problem.line <= len(lines) + 1 for problem in edited.problems)
        if not edited.problems:
            assert Experiment.from_json(edited.experiment.to_json()) == edited.experiment
