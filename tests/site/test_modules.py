"""Imports from an archive in memory, against Python's own from files: the same modules, paths and tracebacks."""

import gzip
import importlib
import inspect
import marshal
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from perceptorium.page.library import Sources
from perceptorium.page.modules import Modules, Waiting, archived
from sitebuild import paths
from sitebuild.pack import HEADER, pack, wasm

FILES = {
    "parcel/__init__.py": "from . import inner\nwhere = __path__, __file__\n",
    "parcel/inner.py": "def divide(x):\n    return 1 / x\n",
    "parcel/deep/__init__.py": "",
    "parcel/deep/end.py": "from ..inner import divide\nlast = divide(4)\n",
}


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Modules:
    """The package `parcel`, in memory only."""
    found = {
        module_of(path): (f"/nowhere/{path}", marshal.dumps(compile(text, f"/nowhere/{path}", "exec")))
        for path, text in FILES.items()
    }
    served = Modules()
    served.add(archived(found))
    monkeypatch.setattr(sys, "meta_path", [served, *sys.meta_path])
    for name in found:
        monkeypatch.delitem(sys.modules, name, raising=False)
    return served


def test_modules_are_what_python_would_have_loaded(
    modules: Modules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = {name: importlib.import_module(name) for name in ("parcel", "parcel.inner", "parcel.deep.end")}
    assert served["parcel.deep.end"].last == 0.25
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    for path in FILES:
        monkeypatch.delitem(sys.modules, module_of(path), raising=False)
    monkeypatch.setattr(sys, "meta_path", [finder for finder in sys.meta_path if finder is not modules])
    monkeypatch.syspath_prepend(str(tmp_path))
    found = {name: importlib.import_module(name) for name in served}
    for name, theirs in found.items():
        ours = served[name]
        assert ours is not theirs
        assert ours.__package__ == theirs.__package__
        assert str(ours.__file__).removeprefix("/nowhere") == str(theirs.__file__).removeprefix(str(tmp_path))
        assert hasattr(ours, "__path__") == hasattr(theirs, "__path__")
        assert {key for key in vars(ours) if key[:2] != "__"} == {key for key in vars(theirs) if key[:2] != "__"}


def test_what_has_been_imported_is_given_back_and_the_rest_is_still_served(
    modules: Modules, monkeypatch: pytest.MonkeyPatch
) -> None:
    importlib.import_module("parcel.inner")
    modules.release()
    assert importlib.import_module("parcel.deep.end").last == 0.25
    assert modules.get_filename("parcel.inner") == "/nowhere/parcel/inner.py"
    monkeypatch.delitem(sys.modules, "parcel.inner")
    with pytest.raises(ImportError, match=r"parcel\.inner was imported when the page started"):
        importlib.import_module("parcel.inner")


@pytest.fixture
def waiting(modules: Modules, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Imports a module of Python's own library with the text that is given."""

    def imported(text: str) -> Any:
        code = compile(text, "/nowhere/colorsys.py", "exec")
        modules.add(archived({"colorsys": ("/nowhere/colorsys.py", marshal.dumps(code))}))
        monkeypatch.delitem(sys.modules, "colorsys", raising=False)
        return importlib.import_module("colorsys")

    return imported


def test_a_module_of_pythons_library_runs_when_it_is_asked_for_something(waiting: Callable[[str], Any]) -> None:
    module = waiting("ONE = 1\ndef two(): return 2 * ONE")
    assert importlib.import_module("colorsys") is module
    assert (module.__name__, module.__file__) == ("colorsys", "/nowhere/colorsys.py")
    assert inspect.ismodule(module)
    assert type(module) is Waiting
    assert module.two() == 2
    assert type(module) is ModuleType


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda module: module.__doc__, "About colours."),
        (lambda module: "ONE" in dir(module), True),
        (lambda module: vars(module)["ONE"], 1),
        (lambda module: hasattr(module, "TWO"), False),
    ],
)
def test_whoever_asks_a_waiting_module_is_told_the_truth(
    waiting: Callable[[str], Any], ask: Callable[[Any], object], answer: object
) -> None:
    assert ask(waiting("'About colours.'\nONE = 1")) == answer


def test_what_is_set_in_a_waiting_module_stays(waiting: Callable[[str], Any]) -> None:
    module = waiting("ONE = 1")
    module.ONE = 11
    assert module.ONE == 11


def test_a_waiting_module_that_cannot_run_says_so_each_time(waiting: Callable[[str], Any]) -> None:
    module = waiting("import perceptorium.gone")
    for _ in range(2):
        with pytest.raises(ModuleNotFoundError, match=r"perceptorium\.gone"):
            _ = module.rgb_to_hls


def test_a_waiting_module_keeps_its_code(waiting: Callable[[str], Any], modules: Modules) -> None:
    module = waiting("ONE = 1")
    modules.release()
    assert module.ONE == 1


def test_a_module_that_is_not_there_is_pythons_to_miss(modules: Modules) -> None:
    assert modules.find_spec("parcel.gone") is None
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'parcel\.gone'"):
        importlib.import_module("parcel.gone")


def test_an_extension_module_is_loaded_from_its_path(modules: Modules) -> None:
    modules.add(archived({"parcel.fast": ("/nowhere/parcel/fast.so", b"")}))
    spec = modules.find_spec("parcel.fast")
    assert spec is not None
    assert type(spec.loader).__name__ == "ExtensionFileLoader"
    assert spec.origin == "/nowhere/parcel/fast.so"
    with pytest.raises(ImportError, match=r"/nowhere/parcel/fast\.so"):
        importlib.import_module("parcel.fast")


def test_a_traceback_quotes_the_sources_once_they_are_there(modules: Modules) -> None:
    fetched: list[str] = []

    def fetch() -> bytes:
        fetched.append("sources")
        return gzip.compress(pack({path: text.encode() for path, text in FILES.items()}))

    modules.source = Sources(fetch)
    inner = importlib.import_module("parcel.inner")
    assert not fetched
    with pytest.raises(ZeroDivisionError) as caught:
        inner.divide(0)
    text = "".join(traceback.format_exception(caught.value))
    assert 'File "/nowhere/parcel/inner.py", line 2, in divide\n    return 1 / x' in text
    assert modules.get_source("parcel") == FILES["parcel/__init__.py"]
    assert fetched == ["sources"]


def test_without_the_sources_a_traceback_has_lines_without_text() -> None:
    def fetch() -> bytes:
        raise OSError("the network is gone")

    assert Sources(fetch)("parcel.inner") is None


def test_it_runs_where_there_is_no_library_yet() -> None:
    """Python meets it while it starts, with nothing but what is compiled into the interpreter."""
    script = (
        "import sys, __future__; source = open(sys.argv[1]).read(); sys.path[:] = []; before = set(sys.modules);"
        "exec(compile(source, 'modules.py', 'exec'), {'__name__': 'early'}); print(sorted(set(sys.modules) - before))"
    )
    file = paths.ROOT / "py" / "perceptorium" / "page" / "modules.py"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", script, file], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("[]", "['gc']")


def test_an_archive_is_a_webassembly_module() -> None:
    import wasmtime

    for data in (b"", b"x" * 127, b"\0" * 70_000):
        made = wasm(data)
        wasmtime.Module(wasmtime.Engine(), made)  # raises unless it is valid
        assert made.startswith(HEADER)
        assert made[19:] == data, "where web/boot.mjs begins to read"
