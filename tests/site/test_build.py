"""What goes into dist/: deterministic, complete, and refused when the page and the rest do not fit together."""

import json
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
from sitebuild.interpreter import FILES, REPLACED, interpreter
from sitebuild.outputs import Site, assemble, web
from sitebuild.pack import pack, squeeze
from sitebuild.page import fill, runtime_tags
from sitebuild.runtime_lock import LockedFile, RuntimeLock

LOCK = RuntimeLock("1.2.3", "3.14", LockedFile("numpy-9.whl", ""), {"info": {}, "packages": {}})
TEMPLATE = (
    "<head><!-- build:start --><!-- build:pyscript --></head>"
    "<body><p><!-- build:panel --></p><!-- build:python --></body>"
)
RUNTIME = {"pyodide.mjs": b"m", "pyodide.asm.mjs": b"a", "pyodide.asm.wasm": b"w", "python.pack.wasm": b"p"}
LIBRARY = {"library.pack": "a a.b"}
COMPILED = {"numpy.fast.wasm": "/lib/numpy/fast.so"}
ASSETS = {
    "boot.mjs": b'import "./memory.mjs"; import "./runtime.mjs";',
    "memory.mjs": b"",
    "pyscript.js": b"core",
    "start.js": b"",
    "style.css": b"",
    "icon.svg": b"<svg/>",
}


def made(**changed: bytes) -> Site:
    return assemble(RUNTIME, {"library.pack": b"rest"}, {**ASSETS, **changed}, LOCK, LIBRARY, COMPILED)


def test_a_name_holds_the_hash_of_its_bytes_and_nothing_else() -> None:
    before, after = made().paths, made(**{"style.css": b"p {}"}).paths
    assert re.fullmatch(r"style-[0-9a-f]{10}\.css", before["style.css"])
    assert re.fullmatch(r"runtime/pyodide\.asm-[0-9a-f]{10}\.wasm", before["pyodide.asm.wasm"])
    assert before["icon.svg"] == "icon.svg"
    assert {name for name in before if before[name] != after[name]} == {"style.css"}


def test_a_change_of_what_a_script_loads_is_a_change_of_the_script() -> None:
    before = made().paths
    runtime = {**RUNTIME, "python.pack.wasm": b"q"}
    after = assemble(runtime, {"library.pack": b"rest"}, ASSETS, LOCK, LIBRARY, COMPILED).paths
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"python.pack.wasm", "runtime.mjs", "boot.mjs"}


@pytest.mark.parametrize("name", ["memory", "runtime"])
def test_boot_must_ask_for_its_modules_where_the_build_can_see_it(name: str) -> None:
    boot = ASSETS["boot.mjs"].replace(f'"./{name}.mjs"'.encode(), f"'./{name}.mjs'".encode())
    with pytest.raises(BuildError, match=rf'does not import "\./{name}\.mjs" once'):
        made(**{"boot.mjs": boot})


def version(files: Site) -> str:
    """What a browser keeps Python's memory by."""
    (found,) = re.findall(r'data-version="(\w+)"', runtime_tags(files)["start"])
    return str(found)


def test_a_memory_belongs_to_what_made_it() -> None:
    assert version(made()) == version(made(**{"style.css": b"p {}"}))
    assert version(made()) != version(made(**{"memory.mjs": b"another"}))
    runtime = {**RUNTIME, "python.pack.wasm": b"q"}
    other = assemble(runtime, {"library.pack": b"rest"}, ASSETS, LOCK, LIBRARY, COMPILED)
    assert version(made()) != version(other)


def test_a_style_sheet_refers_to_no_file(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("a { background: url(#dots); } b { background: url('data:image/svg+xml,') }")
    (tmp_path / ".style.css.swp").write_text("an editor's")
    assert list(web(tmp_path)) == ["style.css"]
    (tmp_path / "style.css").write_text("a { background: url(dots.svg) }")
    with pytest.raises(BuildError, match=r"web/style\.css refers to a file"):
        web(tmp_path)


def test_the_application_is_the_package_alone(tmp_path: Path) -> None:
    for name in ("perceptorium/app.py", "perceptorium/__pycache__/app.pyc", "elsewhere.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("print('hello')")
    assert sources(tmp_path, "perceptorium") == {"perceptorium/app.py": b"print('hello')"}


def test_the_same_files_give_the_same_archives() -> None:
    files = {"a.py": b"1", "b/c.py": b"2"}
    for made_by in (archive, pack, squeeze_of_archive):
        assert made_by(files) == made_by(dict(files))
    with zipfile.ZipFile(BytesIO(archive(files))) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == files


def squeeze_of_archive(files: dict[str, bytes]) -> bytes:
    return squeeze(archive(files, zipfile.ZIP_STORED))


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


def test_the_runtime_description_tells_the_truth() -> None:
    files = made()
    (text,) = [output.data.decode() for output in files.assets if output.name == "runtime.mjs"]
    exported = dict(re.findall(r"export const (\w+) = (.*?);\n(?=export|$)", text, re.DOTALL))
    assert json.loads(exported["version"]) == "1.2.3"
    assert json.loads(exported["library"]) == LIBRARY
    assert json.loads(exported["compiled"]) == COMPILED
    assert json.loads(exported["later"]) == {"library.pack": files.paths["library.pack"]}
    described = {asset["name"]: asset for asset in json.loads(exported["assets"])}
    assert set(described) == set(RUNTIME)
    for name, asset in described.items():
        assert asset["path"] == files.paths[name]
        assert (asset["bytes"], asset["integrity"]) == (len(RUNTIME[name]), integrity(RUNTIME[name]))


def test_the_two_spellings_of_a_hash() -> None:
    # RFC 6234's "abc", and its base64 as the Subresource Integrity specification writes it
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert integrity(b"abc") == "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="


def test_every_placeholder_is_filled() -> None:
    html = page(TEMPLATE, {"panel": r"<b>\1 &lt;</b>"}, made()).decode()
    assert r"<p><b>\1 &lt;</b></p>" in html
    assert "build:" not in html


def test_the_page_names_files_by_their_paths() -> None:
    files = made()
    html = page(TEMPLATE + '<link href="./style.css"><link href="./icon.svg">', {"panel": ""}, files).decode()
    assert f'<link href="./{files.paths["style.css"]}"><link href="./icon.svg">' in html
    assert f'src="./{files.paths["start.js"]}" data-boot="./{files.paths["boot.mjs"]}" data-files="./' in html
    assert f" ./{files.paths['pyodide.asm.wasm']}:1 " in html
    assert f" ./{files.paths['memory.mjs']}:0" in html


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
    with pytest.raises(BuildError, match=r"index\.html refers to .*, which the build does not write"):
        page(TEMPLATE + tag, {"panel": ""}, made())


def test_the_page_may_link_to_the_world() -> None:
    page(TEMPLATE + '<a href="https://pytorch.org">PyTorch</a>', {"panel": ""}, made())


def test_the_runtime_tags_are_json_in_html() -> None:
    configurations = re.findall(r"config='(.*?)'|hidden>(.*?)<", runtime_tags(made())["python"])
    assert len(configurations) == 2
    for config in configurations:
        assert "!py-terminal" in json.loads("".join(config))["plugins"]


def test_a_new_build_replaces_the_folder_as_a_whole(tmp_path: Path) -> None:
    dist = tmp_path / "site" / "dist"
    write(dist, {"old.txt": b"1", "same.txt": b"1"})
    write(dist, {"a/new.txt": b"2", "same.txt": b"2"})
    files = {path.relative_to(dist).as_posix(): path.read_bytes() for path in dist.rglob("*") if path.is_file()}
    assert files == {"a/new.txt": b"2", "same.txt": b"2"}
    assert list(dist.parent.iterdir()) == [dist]


def test_pyodide_is_changed_where_it_is_known_and_nowhere_else(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes(b" ".join((b"before", *REPLACED.get(name, {}), b"after")))
    assert all(data.startswith(b"before ") and data.endswith(b" after") for data in interpreter(tmp_path).values())
    (tmp_path / "pyodide.mjs").write_bytes(b"another version")
    with pytest.raises(BuildError, match=r"pyodide\.mjs has .* 0 times"):
        interpreter(tmp_path)
