"""What leaves the page: downloads and the clipboard."""

from __future__ import annotations


def download(name: str, content: str | bytes, mime: str) -> None:
    """Let the browser save ``content`` under ``name``."""
    from perceptorium.page.browser import document, javascript

    data = content.encode() if isinstance(content, str) else content
    buffer = javascript.Uint8Array.new(len(data))
    buffer.assign(data)
    blob = javascript.Blob.new(javascript.Array.of(buffer), javascript.Object.fromEntries([["type", mime]]))
    address = javascript.URL.createObjectURL(blob)
    link = document.createElement("a")
    link.href, link.download = address, name
    link.click()
    # The browser reads the address after this turn of its event loop.
    javascript.setTimeout(javascript.URL.revokeObjectURL.bind(javascript.URL), 10_000, address)


async def copy(text: str) -> str:
    """Put ``text`` on the clipboard; returns what the page has to say about it."""
    from perceptorium.page.browser import JavaScriptError, window

    refused = "it gave no reason"
    try:
        if hasattr(window.navigator, "clipboard"):
            await window.navigator.clipboard.writeText(text)
            done = True
        else:
            done = _copy_selected(text)
    except JavaScriptError as error:
        done, refused = False, str(error).splitlines()[0]
    if not done:
        return f"The browser did not allow copying ({refused}): select the text and copy it."
    return f"Copied {len(text.splitlines())} lines."


def _copy_selected(text: str) -> bool:
    """Copy as a reader would: the clipboard itself exists only on https: and localhost, not on a classroom's server."""
    from perceptorium.page.browser import document

    focused = document.activeElement
    box = document.createElement("textarea")
    box.value = text
    document.body.append(box)
    box.select()
    done = bool(document.execCommand("copy"))
    box.remove()
    focused.focus()
    return done


async def fetch_module(archive: str) -> bool:
    """Make the Python modules of a zip beside the page importable; False where it is not there."""
    import sys
    from pathlib import Path

    from perceptorium.page.browser import window

    response = await window.fetch(archive)
    if not response.ok:
        return False
    path = Path("/tmp") / archive.rsplit("/", 1)[-1]
    path.write_bytes((await response.arrayBuffer()).to_bytes())
    sys.path.append(str(path))
    return True


def page_address(fragment: str) -> str:
    """The page's own address with another part after ``#``."""
    from perceptorium.page.browser import window

    return f"{str(window.location.href).partition('#')[0]}#{fragment}"
