"""What ``pyodide-lock.json`` says about the one package that the page uses."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sitebuild.errors import VendorError


@dataclass(frozen=True, slots=True)
class LockedFile:
    """A file by the name and SHA-256 (hexadecimal) that Pyodide's own lock gives it."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RuntimeLock:
    """What the build takes from Pyodide's lock, and the version of the npm package that it came with.

    Attributes:
        python: the version of Python as its folders name it, such as 3.14.
        numpy: NumPy's wheel.
        reduced: a lock without packages, for the page: what it needs, it unpacks by itself.
    """

    version: str
    python: str
    numpy: LockedFile
    reduced: dict[str, Any]

    @classmethod
    def read(cls, pyodide: Path) -> "RuntimeLock":
        """Read the lock in the npm package's folder; VendorError when the package is not there."""
        try:
            version = json.loads((pyodide / "package.json").read_text("utf-8"))["version"]
            lock = json.loads((pyodide / "pyodide-lock.json").read_text("utf-8"))
        except FileNotFoundError as error:
            raise VendorError(f"{error.filename} is missing; run `make build`, which installs it.") from None
        numpy = lock["packages"]["numpy"]
        if numpy["depends"]:
            raise VendorError(f"NumPy in {pyodide.name}'s lock needs {numpy['depends']}; the page ships only NumPy.")
        python = ".".join(lock["info"]["python"].split(".")[:2])
        wheel = LockedFile(numpy["file_name"], numpy["sha256"])
        return cls(version, python, wheel, {"info": lock["info"], "packages": {}})

    @property
    def home(self) -> str:
        """The zip of Python's library, below /lib."""
        return f"python{self.python.replace('.', '')}.zip"

    @property
    def packages(self) -> str:
        """The folder of installed packages, below /lib."""
        return f"python{self.python}/site-packages"
