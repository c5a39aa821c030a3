"""Which of Python's and NumPy's modules the page loads when: as its own browser tests were seen to import them.

The record is ``imports.txt``, one name a line: first those that the page imports before it is ready, and after an empty
line those that it imported later; ``make record`` writes it again. The latter lie in a second archive, and what is not
in the record in a third, each fetched at the first import that misses, so everything stays importable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("imports.txt")


@dataclass(frozen=True, slots=True)
class Record:
    """The names of modules: those that the start imports, and the others that were seen."""

    start: frozenset[str]
    later: frozenset[str]

    @classmethod
    def read(cls) -> "Record":
        """The record in the repository."""
        start, later = FILE.read_text("utf-8").split("\n\n")
        return cls(frozenset(start.split()), frozenset(later.split()))

    def write(self) -> None:
        """Replace the record in the repository."""
        sections = ("".join(f"{name}\n" for name in sorted(names)) for names in (self.start, self.later - self.start))
        FILE.write_text("\n".join(sections), "utf-8")


def module_name(path: str) -> str | None:
    """The module that a file of a library is, or None: ``a/b/__init__.py`` is a.b, ``a/c.cpython-314.so`` a.c."""
    folder, _, name = path.rpartition("/")
    stem, _, suffix = name.partition(".")
    # sysconfig imports a module whose name has hyphens
    if not suffix.endswith(("py", "so")) or not stem.replace("-", "_").isidentifier():
        return None
    parts = [*folder.split("/"), stem] if folder else [stem]
    return ".".join(parts[:-1] if stem == "__init__" else parts)


def split(files: Mapping[str, bytes], record: Record) -> tuple[dict[str, bytes], dict[str, bytes], dict[str, bytes]]:
    """The files of a library that are modules: those of the start, those of later, and the rest."""
    parts: tuple[dict[str, bytes], dict[str, bytes], dict[str, bytes]] = ({}, {}, {})
    for path, data in files.items():
        name = module_name(path)
        if name is not None:
            parts[0 if name in record.start else 1 if name in record.later else 2][path] = data
    return parts
