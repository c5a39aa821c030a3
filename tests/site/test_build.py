"""What goes into dist/: deterministic, complete, and refused when the page and the rest do not fit together."""

import json
import os
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from sitebuild.build import page, write
from sitebuild.bundle import archive, imported, sources
from sitebuild.digest import integrity, sha256
from sitebuild.errors import BuildError
from sitebuild.outputs import PYODIDE_FILES, Output, outputs
from sitebuild.page import fill, runtime_tags
from sitebuild.runtime_lock import LockedFile, RuntimeLock

LOCK = RuntimeLock("1.2.3", LockedFile("numpy-9.whl", ""), {"info": {}, "packages": {"numpy": {}}})
TEMPLATE = "<head><!-- build:head --></head><body><p><!-- build:panel --></p><!-- build:python --></body>"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one file of each kind."""
    contents = {
        "web/boot.mjs": "boot",
        "web/icons/icon.svg": "<svg/>",
        "web/.icon.svg.swp": "an editor's",
        "py/perceptorium/__init__.py": "",
        "py/perceptorium/app.py": "print('hello')",
        "py/perceptorium/__pycache__/app.pyc": "bytecode",
        "py/elsewhere.py": "",
        "cache/numpy-9.whl": "wheel",
        "node_modules/@pyscript/core/dist/core.js": "core",
        "node_modules/@pyscript/core/dist/core-abc.js": "chunk",
        "node_modules/@pyscript/core/dist/error-abc.js": "plugin",
        "node_modules/@pyscript/core/dist/xterm-abc.js": "not shipped",
        **{f"node_modules/pyodide/{name}": name for name in PYODIDE_FILES},
    }
    for name, text in contents.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def built(checkout: Path) -> dict[str, Output]:
    files = outputs(checkout, checkout / "node_modules", checkout / "cache" / "numpy-9.whl", LOCK)
    assert len({output.path for output in files}) == len(files)
    return {output.path: output for output in files}


def test_dist_holds_exactly_what_is_needed(checkout: Path) -> None:
    assert sorted(built(checkout)) == [
        "boot.mjs",
        "icons/icon.svg",
        "perceptorium.zip",
        "pygments.zip",
        "runtime.mjs",
        "runtime/pyodide/numpy-9.whl",
        "runtime/pyodide/pyodide.asm.mjs",
        "runtime/pyodide/pyodide.asm.wasm",
        "runtime/pyodide/pyodide.mjs",
        "runtime/pyodide/python_stdlib.zip",
        "runtime/pyscript/core-abc.js",
        "runtime/pyscript/core.js",
        "runtime/pyscript/error-abc.js",
    ]


def test_the_same_files_give_the_same_bytes_whenever_they_were_written(checkout: Path) -> None:
    before = built(checkout)
    for path in checkout.rglob("*"):
        os.utime(path, (10**9, 10**9))
    assert built(checkout) == before


def test_the_archive_holds_the_package_alone(checkout: Path) -> None:
    with zipfile.ZipFile(BytesIO(archive(sources(checkout / "py", "perceptorium")))) as opened:
        assert opened.namelist() == ["perceptorium/__init__.py", "perceptorium/app.py"]
        assert opened.read("perceptorium/app.py") == b"print('hello')"


def test_the_archive_of_highlighting_is_what_its_import_needs(tmp_path: Path) -> None:
    files = imported("pygments.lexers.python")
    assert "pygments/lexers/python.py" in files
    assert not any("formatter" in name for name in files)
    path = tmp_path / "pygments.zip"
    path.write_bytes(archive(files))
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pygments.lexers.python import PythonLexer as lexer;"
        "print(lexer.__module__, sys.modules['pygments'].__file__, len(list(lexer().get_tokens('a = 1'))))"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", script, path], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["pygments.lexers.python", str(path / "pygments/__init__.py"), "6"]


def test_the_runtime_description_tells_the_truth(checkout: Path) -> None:
    files = built(checkout)
    text = files["runtime.mjs"].data.decode()
    exported = dict(re.findall(r"export const (\w+) = (.*?);\n(?=export|$)", text, re.DOTALL))
    assert json.loads(exported["version"]) == "1.2.3"
    described = json.loads(exported["assets"])
    assert {a["path"] for a in described} == {path for path, output in files.items() if output.runtime}
    for asset in described:
        data = files[asset["path"]].data
        assert (asset["bytes"], asset["integrity"]) == (len(data), integrity(data))


def test_the_two_spellings_of_a_hash() -> None:
    # RFC 6234's "abc", and its base64 as the Subresource Integrity specification writes it
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert integrity(b"abc") == "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="


def test_every_placeholder_is_filled() -> None:
    runtime = [Output(path, b"") for path in ("boot.mjs", "runtime/pyscript/core.js")]
    html = page(TEMPLATE, {"panel": r"<b>\1 &lt;</b>"}, runtime).data.decode()
    assert r"<p><b>\1 &lt;</b></p>" in html
    assert "build:" not in html


@pytest.mark.parametrize(
    ("template", "fragments", "sentence"),
    [
        ("<!-- build:a --><!-- build:b -->", {"a": ""}, "build:b is a placeholder in index.html that nothing fills"),
        ("<!-- build:a -->", {"a": "", "c": ""}, "build:c is a fragment that index.html has no placeholder for"),
        ("<!-- build:a --><!-- build:a -->", {"a": ""}, "build:a is in index.html more than once"),
    ],
)
def test_placeholders_and_fragments_must_match(template: str, fragments: dict[str, str], sentence: str) -> None:
    with pytest.raises(BuildError, match=sentence):
        fill(template, fragments)


@pytest.mark.parametrize(
    "tag",
    ['<script src="./gone.js"></script>', '<link href="https://example.org/a.css">', '<img src="//example.org/a.svg">'],
)
def test_a_reference_to_what_is_not_shipped_is_refused(tag: str) -> None:
    runtime = [Output(path, b"") for path in ("boot.mjs", "runtime/pyscript/core.js")]
    with pytest.raises(BuildError, match=r"index\.html refers to .*, which the build does not write"):
        page(TEMPLATE + tag, {"panel": ""}, runtime)


def test_the_page_may_link_to_the_world(checkout: Path) -> None:
    page(TEMPLATE + '<a href="https://pytorch.org">PyTorch</a>', {"panel": ""}, list(built(checkout).values()))


def test_the_runtime_tags_are_json_in_html() -> None:
    for config in re.findall(r"config='(.*?)'|hidden>(.*?)<", runtime_tags()["python"]):
        assert "!py-terminal" in json.loads("".join(config))["plugins"]


def test_a_new_build_replaces_the_folder_as_a_whole(tmp_path: Path) -> None:
    dist = tmp_path / "site" / "dist"
    write(dist, [Output("old.txt", b"1"), Output("same.txt", b"1")])
    write(dist, [Output("a/new.txt", b"2"), Output("same.txt", b"2")])
    files = {path.relative_to(dist).as_posix(): path.read_bytes() for path in dist.rglob("*") if path.is_file()}
    assert files == {"a/new.txt": b"2", "same.txt": b"2"}
    assert list(dist.parent.iterdir()) == [dist]
