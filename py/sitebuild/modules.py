"""Which of Python's and NumPy's modules the page loads at once: those that its own browser tests were seen to import.

The record is ``imports.txt``, one name a line; ``make record`` writes it again. What is not in it stays importable: it
lies in a second archive, which the page fetches at the first import that misses.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

RECORD = Path(__file__).with_name("imports.txt")


def recorded() -> frozenset[str]:
    """The names of the record."""
    return frozenset(RECORD.read_text("utf-8").split())


def write_record(names: Collection[str]) -> None:
    """Replace the record."""
    RECORD.write_text("".join(f"{name}\n" for name in sorted(names)), "utf-8")


def module_name(path: str) -> str | None:
    """The module that a file of a library is, or None: ``a/b/__init__.py`` is a.b, ``a/c.cpython-314.so`` a.c."""
    folder, _, name = path.rpartition("/")
    stem, _, suffix = name.partition(".")
    if not suffix.endswith(("py", "so")) or not stem.isidentifier():
        return None
    parts = [*folder.split("/"), stem] if folder else [stem]
    return ".".join(parts[:-1] if stem == "__init__" else parts)


def split(files: Mapping[str, bytes], names: Collection[str]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of a library that are modules: those among the names, and the rest."""
    now: dict[str, bytes] = {}
    later: dict[str, bytes] = {}
    for path, data in files.items():
        name = module_name(path)
        if name is not None:
            (now if name in names else later)[path] = data
    return now, later
