"""npm and Chromium: the machine's own where they work, a clear error where a chosen one does not."""

import subprocess
from pathlib import Path

import pytest

from sitebuild import browser, tools
from sitebuild.errors import ToolError


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("script", "usable"),
    [("echo 10.9.0", True), ("echo 7.0.0", True), ("echo 6.14.18", False), ("exit 127", False), ("echo what", False)],
)
def test_an_npm_must_run_and_read_the_lock(tmp_path: Path, script: str, usable: bool) -> None:
    npm = program(tmp_path, "npm", script)
    assert tools.npm_in(str(tmp_path)) == (str(npm) if usable else None)


def test_where_there_is_no_npm_there_is_none(tmp_path: Path) -> None:
    assert tools.npm_in(str(tmp_path)) is None


def commands(monkeypatch: pytest.MonkeyPatch, npms: dict[int, str | None]) -> list[list[str]]:
    """Record what would run; the answer to the n-th look for npm is given."""
    ran: list[list[str]] = []
    looks = iter(range(10))
    monkeypatch.setattr(tools, "npm_in", lambda _: npms[next(looks)])
    monkeypatch.setattr(tools, "run", lambda command, _root, _folder: ran.append(command))
    return ran


def test_the_machines_npm_is_taken_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran = commands(monkeypatch, {0: "npm"})
    tools.npm_install(tmp_path)
    assert ran == [["npm", "ci"]]


def test_without_npm_the_wheel_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran = commands(monkeypatch, {0: None, 1: None, 2: "venv/npm"})
    tools.npm_install(tmp_path)
    assert [command[-1] for command in ran] == [tools.NODE_WHEEL, "ci"]
    assert ran[-1] == ["venv/npm", "ci"]


def test_a_machine_that_can_have_no_npm_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commands(monkeypatch, {0: None, 1: None, 2: None})
    with pytest.raises(ToolError, match=r"install Node\.js 20 or later"):
        tools.npm_install(tmp_path)


def test_a_failing_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="`false` ended with 1"):
        tools.run(["false"], tmp_path, None)


def test_the_chosen_chromium_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = program(tmp_path, "mine", "exit 0")
    monkeypatch.setenv("CHROMIUM", str(chosen))
    assert browser.find() == str(chosen)


@pytest.mark.parametrize("script", [None, "exit 1"])
def test_a_chosen_chromium_that_does_not_start_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None
) -> None:
    chosen = tmp_path / "mine" if script is None else program(tmp_path, "mine", script)
    monkeypatch.setenv("CHROMIUM", str(chosen))
    with pytest.raises(ToolError, match=r"CHROMIUM is .*mine, which does not start"):
        browser.find()


def test_the_path_is_searched_in_order_past_what_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "chromium", "exit 1")
    chrome = program(tmp_path, "google-chrome", "exit 0")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.find() == str(chrome)


def installing(monkeypatch: pytest.MonkeyPatch, root: bool, helps: str) -> list[list[str]]:
    """A machine without a browser, on which one command brings one; returns the commands as they run."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        ran.append(command)
        return subprocess.CompletedProcess(command, 0 if helps in command or "update" in command else 1)

    monkeypatch.setattr(browser, "find", lambda: "/new/chromium" if ran and helps in ran[-1] else None)
    monkeypatch.setattr(browser.subprocess, "run", run)
    monkeypatch.setattr(browser.shutil, "which", lambda name: name)
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0 if root else 1000)
    return ran


def test_playwright_is_asked_before_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = installing(monkeypatch, root=True, helps="playwright")
    assert browser.install() == "/new/chromium"
    assert len(ran) == 1


def test_root_on_debian_falls_back_to_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = installing(monkeypatch, root=True, helps="--yes")
    assert browser.install() == "/new/chromium"
    assert [command[0].rpartition("/")[2][:7] for command in ran][1:] == ["apt-get", "apt-get"]


def test_who_can_install_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = installing(monkeypatch, root=False, helps="nothing")
    with pytest.raises(ToolError, match="set CHROMIUM to its path"):
        browser.install()
    assert len(ran) == 1
