"""After one visit the page needs no network; a new version waits for the reader's word and comes whole."""

import re
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sitebuild import paths
from sitebuild.offline import service_worker
from sitebuild.outputs import Output

Serve = Callable[[Path], AbstractContextManager[str]]
Ready = Callable[[Page], Page]

# What lies in each cache of the service worker, in the order in which the caches were made.
CACHES = """
async () => {
    const names = (await caches.keys()).filter((name) => name !== "perceptorium-memory");
    const path = ({url}) => new URL(url).pathname.slice(1);
    const kept = async (name) => [name, (await (await caches.open(name)).keys()).map(path)];
    return Object.fromEntries(await Promise.all(names.map(kept)));
}
"""


def visited(page: Page, address: str, ready: Ready) -> Page:
    """The page, ready and kept for later visits without a network."""
    page.goto(address)
    ready(page)
    page.wait_for_selector("html[data-offline]", state="attached")
    return page


def style(page: Page) -> str:
    """The path of the style sheet in use."""
    href = page.locator("link[rel=stylesheet]").get_attribute("href")
    assert href is not None
    return href.removeprefix("./")


def contents(dist: Path) -> dict[str, bytes]:
    """The files of a built site but for the service worker and what is only compressed."""
    files = {path.relative_to(dist).as_posix(): path.read_bytes() for path in dist.rglob("*") if path.is_file()}
    return {name: data for name, data in files.items() if not name.endswith((".gz", ".br")) and name != "sw.js"}


def write_next_version(dist: Path, folder: Path, *, half: bool = False) -> str:
    """Put a version with another style sheet and title in a folder's place; half: its page is still the old one."""
    files = contents(dist)
    html = files.pop("index.html").decode()
    (old,) = re.findall(r"style-\w+\.css", html)
    new = Output.hashed("style.css", files.pop(old) + b"/* B */")
    files[new.path] = new.data
    page = html.replace(old, new.path).replace("<title>", "<title>B of ")
    worker = service_worker((paths.ROOT / "web" / "sw.js").read_text("utf-8"), page.encode(), files)
    shutil.rmtree(folder)
    for name, data in {**files, "index.html": html.encode() if half else page.encode(), "sw.js": worker}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return new.path


@pytest.mark.parametrize("below", ["", "user/repository/"])
def test_it_reloads_when_the_server_is_gone(
    page: Page, dist: Path, tmp_path: Path, serve: Serve, ready: Ready, below: str
) -> None:
    if below:
        (tmp_path / "index.html").write_text("another site")
        shutil.copytree(dist, tmp_path / below)
    with serve(tmp_path if below else dist) as address:
        visited(page, address + below, ready)
    page.reload()
    ready(page)
    network = page.get_by_role("region", name="Network", exact=True)
    network.get_by_role("button", name="Step epoch", exact=True).click()
    expect(network.get_by_role("status", name="Epoch", exact=True)).to_have_text("1")
    scope = page.evaluate("navigator.serviceWorker.ready.then(({scope}) => new URL(scope).pathname)")
    assert scope == f"/{below}"


def test_everything_is_kept(page: Page, dist: Path, serve: Serve, ready: Ready) -> None:
    with serve(dist) as address:
        visited(page, address, ready)
        ((_, kept),) = page.evaluate(CACHES).items()
    assert sorted(kept) == sorted({*contents(dist), ""} - {"index.html"})


def test_a_new_version_waits_for_the_readers_word(
    page: Page, dist: Path, tmp_path: Path, serve: Serve, ready: Ready
) -> None:
    folder = tmp_path / "dist"
    shutil.copytree(dist, folder)
    with serve(folder) as address:
        visited(page, address, ready)
        before = style(page)
        after = write_next_version(dist, folder)
        page.reload()
        ready(page)
        offer = page.get_by_role("button", name="Use the new version")
        expect(offer).to_be_visible()
        old, new = page.evaluate(CACHES).values()
        assert (before in old, after in old) == (True, False)
        assert (before in new, after in new) == (False, True)

        page.reload()  # the reader has not said yes: still the old version, all of it
        ready(page)
        assert style(page) == before
        assert not page.title().startswith("B of ")

        page.evaluate("globalThis.before = true")
        offer.click()
        page.wait_for_function("globalThis.before === undefined")
        ready(page)
        assert style(page) == after
        assert page.title().startswith("B of ")
        expect(offer).to_be_hidden()
    page.reload()
    ready(page)
    assert style(page) == after


@pytest.mark.page_complains
def test_half_a_new_version_is_not_taken(page: Page, dist: Path, tmp_path: Path, serve: Serve, ready: Ready) -> None:
    folder = tmp_path / "dist"
    shutil.copytree(dist, folder)
    with serve(folder) as address:
        visited(page, address, ready)
        before = style(page)
        write_next_version(dist, folder, half=True)
        error = page.evaluate(
            """async () => {
                const registration = await navigator.serviceWorker.ready;
                await registration.update().catch(() => {});
                const worker = registration.installing;
                if (worker === null) return "nothing was tried";
                await new Promise((done) => worker.addEventListener("statechange", done));
                return worker.state;
            }"""
        )
        assert error == "redundant"
        assert len(page.evaluate(CACHES)) == 1
        expect(page.locator("#news")).to_be_empty()
        page.reload()
        ready(page)
        assert style(page) == before
