"""Python's library in two parts: divided by a record of imports, the second fetched at the first import that misses."""

import dataclasses
import marshal
import subprocess
import sys
from pathlib import Path
from types import CodeType

import pytest

from perceptorium.page import dataclass_methods
from perceptorium.page.library import Library
from sitebuild import bytecode, modules, paths
from sitebuild.build import fetch_runtime
from sitebuild.bundle import every_module
from sitebuild.bytecode import compiled
from sitebuild.errors import ToolError
from sitebuild.modules import Record, module_name, split
from sitebuild.pack import pack, squeeze
from sitebuild.runtime_lock import RuntimeLock


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("abc.py", "abc"),
        ("email/mime/__init__.py", "email.mime"),
        ("numpy/random/mtrand.cpython-314-wasm32-emscripten.so", "numpy.random.mtrand"),
        ("_sysconfigdata__emscripten_wasm32-emscripten.py", "_sysconfigdata__emscripten_wasm32-emscripten"),
        ("numpy/__init__.pyi", None),
        ("numpy-2.4.3.dist-info/METADATA", None),
        ("numpy/_core/include/numpy/npy_math.h", None),
    ],
)
def test_the_module_of_a_file(path: str, name: str | None) -> None:
    assert module_name(path) == name


def test_every_module_is_in_one_part() -> None:
    files = {"a.py": b"1", "b/__init__.py": b"2", "b/c.py": b"3", "b/notes.txt": b"4", "d.py": b"5"}
    record = Record(frozenset({"a", "b.c"}), frozenset({"d"}))
    assert split(files, record) == ({"a.py": b"1", "b/c.py": b"3"}, {"d.py": b"5"}, {"b/__init__.py": b"2"})


def test_the_record_names_modules_that_there_are() -> None:
    _, numpy = fetch_runtime()
    record = Record.read()
    assert record.start | record.later <= every_module(paths.NODE_MODULES / "pyodide", numpy)
    assert {"numpy", "encodings.utf_8", "_pyodide._base"} <= record.start
    assert "numpy.random" in record.later
    assert not record.start & record.later


def test_a_record_is_read_as_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modules, "FILE", tmp_path / "imports.txt")
    Record(frozenset({"b", "a"}), frozenset({"a", "c"})).write()
    assert Record.read() == Record(frozenset({"a", "b"}), frozenset({"c"}))


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A library that lacks two modules of a package that is half here; what it fetches is noted."""
    for name, text in {"half/__init__.py": "", "half/here.py": "place = 'here'"}.items():
        path = tmp_path / "lib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    rest = {"half/there.py": b"from half import here\nplace = 'not ' + here.place", "away/__init__.py": b"x = 1"}
    fetched: list[str] = []

    def fetch() -> bytes:
        fetched.append("the rest")
        return squeeze(pack(rest))

    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Library(tmp_path / "rest", "away half.there", fetch)])
    for name in ("half", "half.here", "half.there", "away"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return fetched


def test_the_rest_is_fetched_once_and_only_when_it_is_missed(library: list[str]) -> None:
    import half.here  # type: ignore[import-not-found]

    with pytest.raises(ModuleNotFoundError):
        import half.nowhere  # type: ignore[import-not-found]
    assert library == []
    import away  # type: ignore[import-not-found]
    import half.there  # type: ignore[import-not-found]

    assert (half.there.place, away.x) == ("not here", 1)
    assert library == ["the rest"]


def test_a_rest_that_cannot_be_had_is_an_import_error_and_may_be_tried_again(tmp_path: Path) -> None:
    def fetch() -> bytes:
        raise OSError("the server answered 503")

    finder = Library(tmp_path / "rest", "away", fetch)
    for _ in range(2):
        with pytest.raises(ImportError, match=r"away is in a part of Python's library that did not load: .* 503"):
            finder.find_spec("away")


def test_a_file_is_compiled_once_by_pyodide_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pyodide = paths.NODE_MODULES / "pyodide"
    files = {"/lib/a.py": b"x = 1\n", "/lib/b.py": "# -*- coding: latin-1 -*-\ny = '\xe9'\n".encode("latin-1")}
    first = compiled(files, pyodide, RuntimeLock.read(pyodide).version, tmp_path)
    assert {code[4:8] for code in first.values()} == {b"\x01\0\0\0"}, "an unchecked hash in the place of a date"
    monkeypatch.setattr(bytecode, "run", lambda *_: pytest.fail("compiled again"))
    assert compiled(files, pyodide, RuntimeLock.read(pyodide).version, tmp_path) == first


def test_what_does_not_compile_is_said() -> None:
    with pytest.raises(ToolError, match=r"Pyodide did not compile the Python files: .*"):
        bytecode.run({"/lib/wrong.py": b"def"}, paths.NODE_MODULES / "pyodide", "0")


def test_without_pyodide_nothing_is_compiled(tmp_path: Path) -> None:
    with pytest.raises(ToolError):
        bytecode.run({"/lib/a.py": b""}, tmp_path, "0")


def test_a_pack_unpacks_where_there_is_no_package_yet(tmp_path: Path) -> None:
    """The page unpacks before the rest of the library is there: with what CPython has built in, and json."""
    (tmp_path / "rest.pack").write_bytes(squeeze(pack({"a/b.py": b"x = 'there'"})))
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        "from perceptorium.page.library import unpack; root = Path(sys.argv[2]);"
        "unpack((root / 'rest.pack').read_bytes(), root / 'rest'); print((root / 'rest/a/b.py').read_text())"
    )
    command = [sys.executable, "-I", "-S", "-c", script, str(paths.ROOT / "py"), str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "x = 'there'\n"


def test_the_methods_of_a_dataclass_are_what_it_would_have_written(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: dict[str, CodeType] = {}

    def note(text: str, *scopes: object) -> None:
        texts[text] = compile(text, "<dataclass>", "exec")
        exec(text, *scopes)  # type: ignore[arg-type]

    def point() -> type:
        return dataclasses.make_dataclass("Point", [("x", int), ("y", int, 2)], frozen=True)

    monkeypatch.setattr(dataclasses, "exec", note, raising=False)
    written = point()
    assert texts
    dataclass_methods.install(marshal.loads(marshal.dumps(texts)))
    monkeypatch.setattr(dataclass_methods.builtins, "exec", exec_of_code_only)
    compiled_before = point()
    assert compiled_before(1) == compiled_before(1, 2) != compiled_before(3)
    assert repr(compiled_before(1)) == repr(written(1))


def exec_of_code_only(code: object, *scopes: object) -> None:
    assert isinstance(code, CodeType), "the text was not known"
    eval(code, *scopes)  # type: ignore[arg-type]
