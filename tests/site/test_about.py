"""*About the method* quotes the code that runs and tells what is shipped, or the page is not built."""

import re
from pathlib import Path

import pytest

from perceptorium.views.about_text import EQUATIONS, Quotation
from perceptorium.views.markup import render
from sitebuild import paths
from sitebuild.about import licences, quoted, section
from sitebuild.build import fetch_runtime
from sitebuild.errors import BuildError


@pytest.fixture(scope="module")
def about() -> str:
    return render(section(paths.ROOT, paths.NODE_MODULES, fetch_runtime()[0]))


def test_every_equation_is_there_with_its_code(about: str) -> None:
    assert [equation.number for equation in EQUATIONS] == list(range(1, 11))
    assert about.count("<math") == 10
    for equation in EQUATIONS:
        assert quoted(paths.ROOT / "py" / "perceptorium", equation.code).strip()
    assert "np.sqrt" in re.sub("<[^>]+>", "", about)


def test_versions_are_those_of_what_is_shipped(about: str) -> None:
    lock, _ = fetch_runtime()
    for text in (lock.version, "MPL-2.0", "NumPy", lock.numpy.name.split("-")[1], "Apache-2.0"):
        assert text in about


def test_a_quotation_is_whole_lines_without_their_indentation(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f():\n    x = 1\n    y = 2\n    return x\n\ndef g():\n    return 3\n")
    assert quoted(tmp_path, Quotation("a.py", "x = 1", "return")) == "x = 1\ny = 2\nreturn x\n"
    with pytest.raises(BuildError, match="2 lines begin like that"):
        quoted(tmp_path, Quotation("a.py", "return", "return"))
    with pytest.raises(BuildError, match="0 lines begin like that"):
        quoted(tmp_path, Quotation("a.py", "z = 1", "return"))


def test_the_licences_of_all_parts_are_there() -> None:
    text = licences(paths.NODE_MODULES, fetch_runtime()[1]).decode()
    for words in ("Apache License", "Mozilla Public License 2.0", "PSF License", "NumPy Developers", "Pygments"):
        assert words in text
