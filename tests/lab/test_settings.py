"""Wrong values are refused by name, in Python and on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from perceptorium.engine import InvalidValue
from perceptorium.lab import Setting, depth, learning_rate, table3
from perceptorium.lab.command import main

WRONG: list[tuple[str, Any, str]] = [
    ("learning_rate", -1, "--learning-rate=-1"),
    ("learning_rate", 0.0, "--learning-rate=0"),
    ("learning_rate", 1.5, "--learning-rate=1.5"),
    ("learning_rate", float("nan"), "--learning-rate=nan"),
    ("threshold", 2, "--threshold=2"),
    ("threshold", 0, "--threshold=0"),
    ("epochs", 0, "--epochs=0"),
    ("epochs", 100_001, "--epochs=100001"),
    ("networks", 0, "--networks=0"),
    ("networks", 1_000_001, "--networks=1000001"),
    ("first_seed", -1, "--first-seed=-1"),
    ("first_seed", 2**32 - 1, f"--first-seed={2**32 - 1}"),
    ("batch_size", 3, "--batch=3"),
    ("processes", 0, "--processes=0"),
]


@pytest.mark.parametrize(("field", "value", "flag"), WRONG)
def test_a_wrong_value_is_refused_by_name(
    field: str, value: Any, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if field != "processes":
        with pytest.raises(InvalidValue, match=rf"^{field} is "):
            table3(**{field: value})
    with pytest.raises(SystemExit) as end:
        main(["table3", flag])
    assert end.value.code == 2
    assert f"{field} is " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("field", "value"),
    [("hidden", (0,)), ("activation", "GELU"), ("init", "zeros"), ("loss", "BCELoss"), ("success", "luck")],
)
def test_a_wrong_setting_is_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(InvalidValue, match=rf"^{field}"):
        Setting(**{field: value})


def test_plans_refuse_as_their_settings_do() -> None:
    with pytest.raises(InvalidValue, match=r"^learning_rate is 2"):
        learning_rate(rates=(0.1, 2.0))
    with pytest.raises(InvalidValue, match=r"^hidden\[0\] is 0"):
        depth(width=0)
    with pytest.raises(InvalidValue, match=r"^rates is empty"):
        learning_rate(rates=())


def test_an_mse_is_half_the_half_squared_error_of_four_rows() -> None:
    assert Setting(threshold=0.01).stop_below == 0.02
    assert Setting(threshold=0.01, loss="MSELoss").stop_below == 0.01
    assert Setting(success="accuracy").stop_below is None
