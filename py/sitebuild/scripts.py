"""PyScript as one small module: bundled by esbuild, without the plugins that the page switches off."""

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from sitebuild.errors import BuildError, ToolError

# The error plugin is imported even where it is switched off; every other chunk belongs to a plugin, or to
# configuration in TOML or zip files, and would only be fetched by a page that uses those.
KEPT = ("core.js", "core-*.js", "error-*.js")
TEXT = r'"(?:[^"\\]|\\.)*"'
# PyScript's own Python, {file: text}, which it would write to files and compile whenever it starts. The page has the
# same as bytecode (sitebuild/bundle.py).
STDLIB = re.compile(rf"\{{pyscript:\{{{TEXT}:{TEXT}(?:,(?:{TEXT}|[\w$]+):{TEXT})*\}}\}}")


def pyscript(node_modules: Path) -> bytes:
    """The module; what it could import beside itself is left as it is and never reached."""
    folder = node_modules / "@pyscript" / "core" / "dist"
    kept = {path.name: path.read_text("utf-8") for pattern in KEPT for path in folder.glob(pattern)}
    chunks = sorted(path.name for path in folder.glob("*-*.js") if path.name not in kept)
    found = sum(len(STDLIB.findall(text)) for text in kept.values())
    if found != 1:
        raise BuildError(f"PyScript carries its own Python {found} times; the build leaves out the one that it knows.")
    with TemporaryDirectory(prefix="pyscript-") as name:
        for chunk, text in kept.items():
            Path(name, chunk).write_text(STDLIB.sub("{}", text), "utf-8")
        return esbuild(node_modules, Path(name, "core.js"), [f"--external:./{chunk}" for chunk in chunks])


def esbuild(node_modules: Path, entry: Path, options: list[str]) -> bytes:
    """One ES module of an entry point and what it imports, minified; ToolError with esbuild's words when it fails."""
    # The program itself: npm's launcher for it is a script that needs a Node on the PATH.
    program = next((node_modules / "@esbuild").glob("*/bin/esbuild*"), None)
    if program is None:
        raise ToolError("esbuild is not in node_modules; run `make build`, which installs it.")
    command = [str(program), str(entry), "--bundle", "--format=esm", "--minify", "--log-level=error", *options]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        raise ToolError(f"esbuild did not bundle {entry.name}: {done.stderr.decode().strip()}")
    return done.stdout
