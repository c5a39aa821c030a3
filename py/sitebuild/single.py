"""``dist/perceptorium.html``: the whole site in one file, which works when it is opened from a USB stick."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from sitebuild import paths
from sitebuild.errors import BuildError
from sitebuild.outputs import Output, Site
from sitebuild.pack import squeeze
from sitebuild.page import PLUGINS
from sitebuild.serve import TYPES

NAME = "perceptorium.html"
# Nothing leaves the page: whatever it loads, it carries.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; connect-src blob:; worker-src blob: data:; base-uri 'none'; form-action 'none'"
)
TAG = re.compile(r"<(link|script|meta)\b[^>]*>(</script>)?")
INLINED = ("style.css", "start.js", "paint.js")
# Belong to a site: what browsers install, what they fetch ahead, and what works without a network anyway.
DROPPED = re.compile(r'rel="(manifest|apple-touch-icon)"|src="\./(offline|pyscript)[-.]')


def single_file(page: bytes, site: Site, folder: Path = paths.ROOT / "web") -> bytes:
    """The page with everything in it.

    Args:
        page: ``index.html`` as it is built.
        site: the files that it refers to.
        folder: where ``single.js`` is, which unpacks what lies in the file.
    """
    by_path = {f"./{output.path}": output for output in site.files}

    def inline(tag: re.Match[str]) -> str:
        text = tag[0]
        if "http-equiv" in text:
            return f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        address = re.search(r'\b(?:src|href)="([^"]*)"', text)
        if address is None or DROPPED.search(text):
            return "" if address else text
        return element(by_path.get(address[1]), text)

    html = TAG.sub(inline, page.decode())
    python = re.search(r"<script type=\"py\" config='[^']*'>(.*?)</script>", html)
    if python is None:
        raise BuildError("index.html has no script of type py, so the single file cannot start Python.")
    config = json.dumps({"plugins": PLUGINS})
    start = f'<script type="text/plain" id="python" data-config=\'{config}\'>{python[1]}</script>'
    last = f"<script>{harmless((folder / 'single.js').read_text('utf-8'))}</script>"
    html = html.replace('href="./licences.txt"', f'download="licences.txt" href="{licences(site)}"')
    return html.replace(python[0], "\n".join((start, *carried(site), last))).encode()


def licences(site: Site) -> str:
    """The text of the licences as an address, which the file can offer to save."""
    (output,) = (output for output in site.assets if output.name == "licences.txt")
    return f"data:text/plain;base64,{base64.b64encode(output.data).decode()}"


def element(output: Output | None, tag: str) -> str:
    """What stands in the page in the place of a tag that refers to a file."""
    if output is not None and output.name == "icon.svg":
        return f'<link rel="icon" href="data:image/svg+xml;base64,{base64.b64encode(output.data).decode()}">'
    if output is None or output.name not in INLINED:
        raise BuildError(f"index.html has {tag}, and the single file knows no place for it.")
    kind = "style" if output.name.endswith(".css") else "script"
    return f"<{kind}>{harmless(output.data.decode())}</{kind}>"


def harmless(text: str) -> str:
    """Code that does not end the element around it."""
    return re.sub(r"</(script|style)", r"<\\/\1", text, flags=re.IGNORECASE)


def carried(site: Site) -> Iterator[str]:
    """The files as text: archives as they are, the others compressed; modules by name where the page names them."""
    modules = [output for output in site.assets if output.path.endswith(".mjs") or output.name == "pyscript.js"]
    for output in (*site.runtime, *site.later, *modules):
        named = output.name in ("boot.mjs", "pyscript.js")
        packed = output.name.endswith((".pack", ".zip"))
        data = base64.b64encode(output.data if packed else squeeze(output.data)).decode()
        kind = TYPES[PurePosixPath(output.name).suffix].partition(";")[0]
        mark = "" if packed else " data-gzip"
        path = output.name if named else output.path
        yield f'<script type="text/plain" data-path="{path}" data-type="{kind}"{mark}>{data}</script>'
