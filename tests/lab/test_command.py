"""The command line, as somebody at a terminal meets it."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from perceptorium.lab import Results, depth, run_unit, table3, units
from perceptorium.lab import command as command_line
from perceptorium.lab.command import INTERRUPTED, main
from perceptorium.lab.plan import Plan
from perceptorium.lab.report import to_csv, to_json
from perceptorium.lab.work import Part, Unit

COMMAND = (sys.executable, "-m", "perceptorium.lab")


def run(plan: Plan) -> Results:
    return Results.none(plan).put((unit, run_unit(plan, unit)) for unit in units(plan, 50))


def test_table_3_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table3", "--networks", "10", "--epochs", "300", "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "table3: 10 networks a row, seeds 0 to 9, NumPy"
    assert [line[:9].strip() for line in lines[3:]] == [s.label for s in table3().settings]
    assert lines[3].split()[-4:] == ["812", "±", "245", "72%"]


def test_the_learning_rate_as_text_judges_the_claims(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "learning-rate",
        "--networks",
        "4",
        "--rates",
        "0.3",
        "1",
        "--hidden",
        "3",
        "--activation",
        "Tanh",
        "--quiet",
    ]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert "not measured: Rates below η = 0.01" in text
    assert "confirmed: Rates above η = 0.5" in text


def test_depth_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["depth", "--networks", "2", "--width", "2", "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4 + 12 * 4
    assert [len(line.split()) for line in lines if line.startswith("2-2-2-2 ")] == [8, 8, 8]


def test_csv_and_json_hold_every_network_with_its_setting_and_seed() -> None:
    results = run(table3(5, first_seed=7, epochs=250))
    rows = list(csv.DictReader(io.StringIO(to_csv(results))))
    assert len(rows) == 6 * 5
    assert [row["seed"] for row in rows[:5]] == ["7", "8", "9", "10", "11"]
    loaded = json.loads(to_json(results))
    networks = [network for row in loaded["rows"] for network in row["networks"]]
    assert [(n["outcome"], str(n["epochs"]), str(n["rises"])) for n in networks] == [
        (row["outcome"], row["trained"], row["rises"]) for row in rows
    ]
    # what was written is enough to repeat it
    setting = loaded["rows"][2]["setting"]
    hidden, activation = setting.pop("hidden"), setting.pop("activation")
    again = run(table3(loaded["networks"], loaded["first_seed"], **setting))
    assert (hidden, activation) == ([4], "ReLU")
    assert to_json(again) == to_json(results)


def test_partial_results_are_written_as_far_as_they_go() -> None:
    plan = depth(4)
    first = next(units(plan, 2))
    results = Results.none(plan).put([(first, run_unit(plan, first))])
    assert len(to_csv(results).splitlines()) == 1 + 2 * len(plan.moments)
    loaded = json.loads(to_json(results))
    assert loaded["complete"] is False
    assert loaded["rows"][0]["gradient_norms"][3] == [[None, None]] * 4
    assert loaded["rows"][0]["gradient_norms"][0][0][0] > 0


def test_an_interrupt_keeps_what_is_done(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(plan: Plan, *_: object) -> Iterator[tuple[Unit, Part]]:
        unit = next(units(plan, 4))
        yield unit, run_unit(plan, unit)
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "here", interrupted)
    assert main(["table3", "--networks", "10", "--format", "csv", "--quiet"]) == INTERRUPTED
    written = capsys.readouterr()
    assert len(written.out.splitlines()) == 1 + 4
    assert "Interrupted" in written.err


@pytest.mark.parametrize("processes", ["1", "2"])
def test_ctrl_c_at_the_terminal(processes: str) -> None:
    arguments = ["table3", "--networks", "100000", "--format", "csv", "--processes", processes]
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == INTERRUPTED, err
    assert "Interrupted: this is what was finished." in err
    assert len(out.splitlines()) % 250 == 1
    assert "Traceback" not in err


def test_it_runs_without_tqdm_and_wasmtime() -> None:
    program = (
        "import sys; sys.modules.update(tqdm=None, wasmtime=None, distributed=None);"
        "from perceptorium.lab.command import main; sys.exit(main(['table3', '--networks', '2', '--epochs', '50']))"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith("table3: 2 networks a row")
