"""The two commands and their neighbours: listed, and started by CI."""

import re
import subprocess

from sitebuild.paths import ROOT


def test_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    # below another make, as in CI, it would also say which folder it enters
    command = ["make", "--no-print-directory", "help"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in listed.splitlines()} == set(phony.split())
    assert {"serve", "test", "build", "lint", "clean", "help"} <= set(phony.split())


def test_ci_runs_the_tests_and_nothing_clever() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert script.read_text().splitlines()[-1] == "exec make test"


def test_no_registry_address_is_committed() -> None:
    registries = re.compile(r"https?://\S*(npmjs|pypi|pythonhosted|download\.pytorch)")
    folders = (ROOT, ROOT / "bench", ROOT / "bench" / "lighthouse")
    pins = [folder / name for folder in folders for name in ("package-lock.json", "package.json", ".npmrc")]
    for path in (*pins, ROOT / "pyproject.toml", ROOT / "Makefile"):
        text = path.read_text()
        assert not registries.search(text), path
        assert '"resolved"' not in text
