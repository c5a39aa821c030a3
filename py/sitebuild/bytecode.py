"""Python compiled by the very interpreter that will run it, Pyodide under Node: in the browser that costs seconds."""

import base64
import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sitebuild.digest import sha256
from sitebuild.errors import ToolError
from sitebuild.tools import node
from sitebuild.vendor import place

SCRIPT = Path(__file__).with_name("compile.mjs")
LONGEST_LINE = 500
# The magic number, flags and the hash of the source, before the marshalled code (PEP 552).
PYC_HEADER = 16
PREPARE = Path(__file__).with_name("prepare.mjs")


def compiled(
    files: Mapping[str, bytes], pyodide: Path, version: str, cache: Path, *, docstrings: bool = True
) -> dict[str, bytes]:
    """The contents of a ``.pyc`` for each source, by the same paths.

    Args:
        files: sources by their paths in the browser, which tracebacks show.
        pyodide: the npm package's folder.
        version: of Pyodide; its bytecode is kept apart from that of every other.
        cache: the folder that remembers what has been compiled, one file a source.
        docstrings: without them, and without assertions, bytecode is shorter by a sixth.
    """
    level = "0" if docstrings else "2"
    recipe = version.encode() + SCRIPT.read_bytes() + level.encode()
    kept = {path: cache / "bytecode" / sha256(recipe + path.encode() + b"\0" + files[path]) for path in files}
    missing = {path: files[path] for path in files if not kept[path].exists()}
    if missing:
        print(f"Compiling {len(missing)} Python files with Pyodide")
        for path, code in run(missing, pyodide, level).items():
            place(kept[path], code)
    return {path: kept[path].read_bytes() for path in files}


def run(files: Mapping[str, bytes], pyodide: Path, level: str) -> dict[str, bytes]:
    """Compile at an optimisation level; ToolError when it fails (a syntax error in a file is one of the ways)."""
    found: dict[str, str] = json.loads(script(SCRIPT, files, str(pyodide), level))
    return {path: base64.b64decode(code) for path, code in found.items()}


def prepared(files: Mapping[str, bytes], pyodide: Path, numpy: Path, cache: Path) -> bytes:
    """What ``perceptorium.preparation`` reads, for the application's sources."""
    recipe = [PREPARE.read_bytes(), numpy.name.encode(), *(path.encode() + data for path, data in files.items())]
    kept = cache / "prepared" / sha256(b"\0".join(recipe))
    if not kept.exists():
        print("Preparing the application with Pyodide")
        place(kept, base64.b64decode(script(PREPARE, files, str(pyodide), str(numpy))))
    return kept.read_bytes()


def script(program: Path, files: Mapping[str, bytes], *arguments: str) -> str:
    """Run a script of ours in Node and give it the files; ToolError with its last words when it fails."""
    sources = json.dumps({path: base64.b64encode(source).decode() for path, source in files.items()})
    command = [node(), str(program), *arguments]
    done = subprocess.run(command, input=sources, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        # Of a traceback the error's line; never Pyodide's own code, which Node quotes in one line of a megabyte.
        lines = [line.strip() for line in done.stderr.splitlines() if len(line) < LONGEST_LINE]
        errors = [line for line in lines if re.match(r"[\w.]*Error: (?!Traceback)", line)]
        words = errors or list(filter(None, lines)) or [f"Node ended with {done.returncode}"]
        raise ToolError(f"Pyodide did not compile the Python files: {words[-1]}.")
    return done.stdout
