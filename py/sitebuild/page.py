"""Fill ``index.html``: the panels that the views prerender, and the tags that start the runtime."""

import json
import re
from collections.abc import Collection, Mapping
from html.parser import HTMLParser
from urllib.parse import urlsplit

from sitebuild.digest import sha256
from sitebuild.errors import BuildError
from sitebuild.outputs import Site

REFERENCE = re.compile(r'(\b(?:src|href)=)"\./([^"]+)"')
PLACEHOLDER = re.compile(r"<!-- build:([a-z-]+) -->")

# Switched off, their chunks are neither fetched nor shipped.
PLUGINS = ["!deprecations-manager", "!donkey", "!error", "!py-editor", "!py-game", "!py-terminal"]


def runtime_tags(site: Site) -> dict[str, str]:
    """The placeholders that the build itself fills: ``start``, ``pyscript`` and ``python``."""
    paths = site.paths
    modules = [output for output in site.assets if output.name.endswith(".mjs") and output.name != "boot.mjs"]
    files = " ".join(f"./{output.path}:{len(output.data)}" for output in (*modules, *site.runtime))  # small ones first
    boot = f"./{paths['boot.mjs']}"
    version = sha256(f"{boot} {files}".encode())[:10]
    data = f'data-boot="{boot}" data-files="{files}" data-version="{version}"'
    config = json.dumps({"interpreter": boot, "plugins": PLUGINS})
    return {
        "start": f'<script src="./{paths["start.js"]}" {data}></script>',
        "pyscript": f'<script type="module" src="./{paths["pyscript.js"]}"></script>',
        # PyScript has a second language, MicroPython, which without a configuration would fetch every plugin.
        "python": f"<mpy-config hidden>{json.dumps({'plugins': PLUGINS})}</mpy-config>\n"
        f"<script type=\"py\" config='{config}'>from perceptorium.app import main; main()</script>",
    }


def point(page: str, paths: Mapping[str, str]) -> str:
    """The page with the path of each file in the place of its name, in every ``src`` and ``href`` that has one."""
    return REFERENCE.sub(lambda found: f'{found[1]}"./{paths.get(found[2], found[2])}"', page)


def fill(template: str, fragments: Mapping[str, str]) -> str:
    """Put each fragment in the place of ``<!-- build:NAME -->``.

    BuildError unless placeholders and fragments are the same names, each placeholder once.
    """
    places = PLACEHOLDER.findall(template)
    complaints = [
        (sorted(set(places) - set(fragments)), "is a placeholder in index.html that nothing fills"),
        (sorted(set(fragments) - set(places)), "is a fragment that index.html has no placeholder for"),
        (sorted({name for name in places if places.count(name) > 1}), "is in index.html more than once"),
    ]
    found = [f"build:{name} {complaint}" for names, complaint in complaints for name in names]
    if found:
        raise BuildError("; ".join(found) + ".")
    return PLACEHOLDER.sub(lambda place: fragments[place[1]], template)


def check_references(page: str, paths: Collection[str]) -> None:
    """BuildError if the page names a file, by ``src`` or ``href``, that the build does not write, or another host."""
    wrong = [address for address in references(page) if not leads_to(address, paths)]
    if wrong:
        raise BuildError(f"index.html refers to {', '.join(wrong)}, which the build does not write.")


def leads_to(address: str, paths: Collection[str]) -> bool:
    """Whether an address in the page is one of the build's own files."""
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and parts.path.removeprefix("./") in paths


def references(page: str) -> list[str]:
    """What the page loads: every ``src``, and every ``href`` of a ``link``."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            wanted = ("src", "href") if tag == "link" else ("src",)
            found.extend(value for name, value in attrs if name in wanted and value and not value.startswith("data:"))

    Reader().feed(page)
    return found
