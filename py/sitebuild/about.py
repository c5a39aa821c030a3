"""What the build knows and *About the method* tells: the code that it quotes, what is shipped, and its licences."""

import json
import textwrap
import zipfile
from importlib.metadata import files, version
from pathlib import Path

from perceptorium.views.about import Shipped, about
from perceptorium.views.about_text import EQUATIONS, Quotation
from perceptorium.views.markup import Element
from sitebuild.errors import BuildError
from sitebuild.runtime_lock import RuntimeLock

# What PyScript's one module holds beside PyScript, by its own list of dependencies.
BUNDLED = ("polyscript", "coincident", "reflected-ffi", "basic-devtools", "add-promise-listener", "next-resolver")
# These two come without the text of their licence.
ELSEWHERE = {
    "Pyodide": "Mozilla Public License 2.0, https://www.mozilla.org/MPL/2.0/. Source: https://github.com/pyodide/pyodide"
    " with the two changes of py/sitebuild/interpreter.py",
    "Python": "PSF License Agreement, https://docs.python.org/3/license.html. Source: https://github.com/python/cpython",
}


def section(root: Path, node_modules: Path, lock: RuntimeLock) -> Element:
    """The section's tree."""
    code = {equation.code: quoted(root / "py" / "perceptorium", equation.code) for equation in EQUATIONS}
    return about(code, shipped(node_modules, lock))


def quoted(package: Path, quotation: Quotation) -> str:
    """The lines of a quotation; BuildError when the file has no such lines, or its first ones are not the only ones."""
    lines = (package / quotation.file).read_text("utf-8").splitlines()
    first = [number for number, line in enumerate(lines) if line.strip().startswith(quotation.first)]
    starts = (n for n, line in enumerate(lines) if line.strip().startswith(quotation.last))
    last = [number for number in starts if first and number >= first[0]]
    if len(first) != 1 or not last:
        raise BuildError(f"About quotes {quotation.file} from {quotation.first!r}; {len(first)} lines begin like that.")
    return textwrap.dedent("\n".join(lines[first[0] : last[0] + 1])) + "\n"


def shipped(node_modules: Path, lock: RuntimeLock) -> tuple[Shipped, ...]:
    """What others made and the page holds."""
    pyscript = json.loads((node_modules / "@pyscript" / "core" / "package.json").read_text("utf-8"))["version"]
    return (
        Shipped("PyScript", pyscript, "Apache-2.0", "https://pyscript.net"),
        Shipped("Pyodide", lock.version, "MPL-2.0", "https://pyodide.org"),
        Shipped("Python", lock.reduced["info"]["python"], "PSF-2.0", "https://www.python.org"),
        Shipped("NumPy", lock.numpy.name.split("-")[1], "BSD-3-Clause", "https://numpy.org"),
        Shipped("Pygments", version("pygments"), "BSD-2-Clause", "https://pygments.org"),
    )


def licences(node_modules: Path, numpy: Path) -> bytes:
    """``licences.txt``: the licences of everything shipped, as their packages have them."""
    texts = dict(ELSEWHERE)
    for name in ("@pyscript/core", *BUNDLED):
        paths = sorted((node_modules / name).glob("LICEN[CS]E*"))
        if paths:
            texts[name] = paths[0].read_text("utf-8")
    with zipfile.ZipFile(numpy) as wheel:
        notices = [name for name in wheel.namelist() if "/licenses/" in name]
        texts |= {name.partition("/licenses/")[2]: wheel.read(name).decode() for name in notices}
    for file in files("pygments") or ():
        if file.name == "LICENSE":
            texts["Pygments"] = file.read_text()
    line = "=" * 78
    return "\n".join(f"{line}\n{name}\n{line}\n\n{text.strip()}\n" for name, text in texts.items()).encode()
