"""The files that tell a host what to do: they say what the Makefile can do and what the build writes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sitebuild.paths import ROOT
from sitebuild.serve import HASHED

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
VERCEL: dict[str, Any] = json.loads((ROOT / "vercel.json").read_text("utf-8"))


def targets(command: str) -> set[str]:
    """The targets that a command line asks of make."""
    assert command.startswith("make "), command
    return set(command.split()[1:])


def phony() -> set[str]:
    (names,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return set(names.split())


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_asks_make_for_what_there_is(path: Path) -> None:
    jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"].values()
    commands = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    made = set().union(*(targets(command) for command in commands if command.startswith("make")))
    assert made
    assert made <= phony()


def test_pages_gets_the_built_site() -> None:
    build = yaml.safe_load((ROOT / ".github" / "workflows" / "pages.yml").read_text("utf-8"))["jobs"]["build"]
    (upload,) = (step for step in build["steps"] if "upload-pages-artifact" in step.get("uses", ""))
    assert upload["with"] == {"path": "dist"}


def test_vercel_builds_and_sends_the_site() -> None:
    assert targets(VERCEL["buildCommand"]) <= phony()
    assert VERCEL["outputDirectory"] == "dist"


def test_vercel_lets_browsers_keep_what_holds_a_hash_and_nothing_else(dist: Path) -> None:
    rules = [
        re.compile(rule["source"])
        for rule in VERCEL["headers"]
        for header in rule["headers"]
        if header["key"] == "Cache-Control" and "immutable" in header["value"]
    ]
    paths = [f"/{path.relative_to(dist).as_posix()}" for path in dist.rglob("*") if path.is_file()]
    kept = {path for path in paths if any(rule.fullmatch(path) for rule in rules)}
    assert kept == {path for path in paths if HASHED.search(path)}
    assert any(path.endswith(".wasm") for path in kept)
    assert kept.isdisjoint({"/index.html", "/sw.js", "/manifest.webmanifest"})
