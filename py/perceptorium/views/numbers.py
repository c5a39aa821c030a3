"""Numbers as text whose length does not change while a network trains."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
FIGURE_SPACE = "\N{FIGURE SPACE}"


def fixed(value: float, width: int = 5) -> str:
    """``value`` in exactly ``width`` characters (at least 5), the sign's place included.

    As many decimals as fit; beyond that, powers of ten; ``NaN`` and ``∞`` are padded. A value that is not zero is
    never written as zero: where no power of ten fits, it is ``≈0`` (or ``≈∞``).

    >>> fixed(0.5178), fixed(-1.31), fixed(1234.5), fixed(-0.0000412), fixed(float("nan"))
    ('\u20070.52', '−1.31', '\u20071234', '−4e−5', '\u2007\u2007NaN')
    """
    sign = MINUS if value < 0 else ""
    return (sign + _magnitude(abs(value), width - 1)).rjust(width, FIGURE_SPACE)


def _magnitude(value: float, width: int) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞"
    plain = _plain(value, width)
    if plain and (value >= 0.1 or value == 0 or _error(plain, value) <= 0.05):
        return plain
    power = _power_of_ten(value, width)
    if plain and (not power or _error(power, value) >= _error(plain, value)):
        return plain
    if power:
        return power.replace("-", MINUS)
    return "≈0" if value < 1 else "≈∞"


def _plain(value: float, width: int) -> str:
    """With as many decimals as fit, or "" where that would be too long, or zero for what is not."""
    for decimals in range(width - 2, -1, -1):
        text = f"{value:.{decimals}f}"
        if len(text) <= width:
            return text if value == 0 or float(text) != 0 else ""
    return ""


def _power_of_ten(value: float, width: int) -> str:
    """As 6.1e-5, with as many digits as fit, or "" where not even one does."""
    for decimals in range(max(width - 4, 0), -1, -1):
        mantissa, exponent = f"{value:.{decimals}e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
        if len(text) <= width:
            return text
    return ""


def _error(text: str, value: float) -> float:
    return abs(float(text) - value) / value


def short(value: float, digits: int = 4) -> str:
    """``value`` with ``digits`` significant digits and a true minus sign, for sentences and formulas.

    >>> short(-1.30999), short(0.1), short(0.00001234)
    ('−1.31', '0.1', '1.234e−05')
    """
    if math.isinf(value):
        return MINUS + "∞" if value < 0 else "∞"
    return ("NaN" if math.isnan(value) else f"{value + 0.0:.{digits}g}").replace("-", MINUS)


def loss_text(value: float) -> str:
    """A loss with the eight decimals that the Exact program prints, in plain ASCII, as Python writes it."""
    if math.isnan(value) or math.isinf(value):
        return "NaN" if math.isnan(value) else "inf"
    return f"{value:.8f}" if value == 0 or value >= 5e-9 else f"{value:.2e}"


def percent(share: float) -> str:
    """A share as the bare number of a percentage: ``75`` or, where it is no whole number, ``66.7``."""
    value = 100 * share
    return f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"
