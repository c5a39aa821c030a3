"""The development server: right types, this machine only, one sentence when it cannot, a clean end."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sitebuild.errors import ServeError
from sitebuild.paths import ROOT
from sitebuild.serve import HOST, TYPES, served, server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    (folder / "index.html").write_text("<h1>Perceptorium</h1>")
    (folder / "empty").mkdir()
    for suffix in TYPES:
        (folder / f"file{suffix}").write_text("content")
    for name in ("file.wasm", "index.html"):
        (folder / f"{name}.gz").write_bytes(b"gzipped")
        (folder / f"{name}.br").write_bytes(b"br")
    (folder / "file-0123456789.mjs").write_text("content")
    return folder


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    with served(folder) as address:
        yield urlsplit(address).port or 0


@pytest.fixture(scope="module")
def compressing(folder: Path) -> Iterator[int]:
    with served(folder, compress=True) as address:
        yield urlsplit(address).port or 0


def get(port: int, path: str, accept: str = "") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    connection.request("GET", path, headers={"Accept-Encoding": accept} if accept else {})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


@pytest.mark.parametrize(
    ("suffix", "wanted"),
    [
        (".wasm", "application/wasm"),
        (".mjs", "text/javascript"),
        (".js", "text/javascript"),
        (".whl", "application/zip"),
        (".zip", "application/zip"),
        (".svg", "image/svg+xml"),
        (".webmanifest", "application/manifest+json"),
        (".css", "text/css"),
        (".html", "text/html"),
    ],
)
def test_types_are_right_whatever_the_machine_says(port: int, suffix: str, wanted: str) -> None:
    response = get(port, f"/file{suffix}")
    assert response.status == 200
    assert response.headers.get_content_type() == wanted


@pytest.mark.parametrize("path", ["/empty/", "/gone.js", "/../pyproject.toml", "/%2e%2e/pyproject.toml"])
def test_nothing_but_the_files_is_served(port: int, path: str) -> None:
    assert get(port, path).status == 404


def test_the_browser_asks_again_for_what_may_have_been_rebuilt(port: int) -> None:
    assert get(port, "/").headers["Cache-Control"] == "no-cache"


def test_a_file_whose_name_is_its_hash_is_kept_for_ever(port: int) -> None:
    assert get(port, "/file-0123456789.mjs?x").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert get(port, "/gone-0123456789.mjs").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "accept", "coding", "size"),
    [
        ("/file.wasm", "gzip, deflate, br", "br", 2),
        ("/file.wasm", "gzip;q=0.5", "gzip", 7),
        ("/file.wasm", "br;q=0, gzip", "gzip", 7),
        ("/file.wasm", "", None, 7),
        ("/", "br", "br", 2),
        ("/file.js", "br", None, 7),
    ],
)
def test_what_lies_compressed_is_sent_so_where_hosts_are_imitated(
    compressing: int, path: str, accept: str, coding: str | None, size: int
) -> None:
    response = get(compressing, path, accept)
    assert (response.headers["Content-Encoding"], response.headers["Content-Length"]) == (
        coding,
        str(size if path != "/" or coding else 21),
    )
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers.get_content_type() in ("application/wasm", "text/html", "text/javascript")


def test_on_the_own_machine_nothing_has_to_be_unpacked(port: int) -> None:
    response = get(port, "/file.wasm", "gzip, br")
    assert (response.headers["Content-Encoding"], response.headers["Content-Length"]) == (None, "7")


def test_only_this_machine_is_served(folder: Path) -> None:
    with server(folder, 0) as running:
        assert running.server_address[0] == "127.0.0.1"


def test_a_taken_port_is_one_sentence(folder: Path, port: int) -> None:
    with pytest.raises(ServeError, match=rf"Port {port} is taken by another program; .*make serve PORT={port + 1}"):
        server(folder, port)


@pytest.mark.parametrize("wrong", [-1, 65536])
def test_a_port_that_cannot_be_is_one_sentence(folder: Path, wrong: int) -> None:
    with pytest.raises(ServeError, match=f"port is {wrong}; it must be between 0 and 65535"):
        server(folder, wrong)


def test_an_empty_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match=r"holds no index\.html; run `make build` first"):
        server(tmp_path, 0)


def command(folder: Path, port: int) -> "subprocess.Popen[str]":
    arguments = [sys.executable, "-m", "sitebuild", "serve", "--folder", str(folder), "--port", str(port)]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name != "posix", reason="signals to another process are POSIX")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_and_stops_cleanly(folder: Path, stop: signal.Signals) -> None:
    with command(folder, 0) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://localhost:" in line
        assert get(int(line.split("localhost:")[1].split()[0]), "/").status == 200
        process.send_signal(stop)
        out, errors = process.communicate(timeout=10)
    assert (process.returncode, out, errors) == (0, "\nStopped.\n", "")


def test_the_command_says_what_is_wrong_without_a_traceback(folder: Path) -> None:
    with socket.create_server((HOST, 0)) as taken, command(folder, taken.getsockname()[1]) as process:
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert errors.startswith("ServeError: Port ")
    assert len(errors.splitlines()) == 1
