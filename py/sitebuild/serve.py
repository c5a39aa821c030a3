"""Serve ``dist/`` on this machine, and only to it."""

import errno
import functools
import re
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sitebuild.errors import ServeError

HOST = "127.0.0.1"

# Named here because the machine's own table decides otherwise, and Python starts only from the right type.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".pack": "application/octet-stream",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".zip": "application/zip",
}


# A name that holds the hash of what is in the file (sitebuild/outputs.py) never means anything else.
HASHED = re.compile(r"-[0-9a-f]{10}\.[a-z]+$")
# What a browser may accept, best first, and the ending of the file that holds it.
CODINGS = {"br": ".br", "gzip": ".gz"}


class Handler(SimpleHTTPRequestHandler):
    """Files with the right types; no listings, and a log of errors only.

    Attributes:
        codings: the compressed siblings that are sent where the browser accepts them: none, because on one machine
            nothing is gained by it, and the browser would have to unpack them.
    """

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES
    codings: Mapping[str, str] = {}
    coding = ""

    def translate_path(self, path: str) -> str:
        """The file for an address: its compressed sibling where there is one that the browser accepts."""
        found = Path(super().translate_path(path))
        if urlsplit(path).path.endswith("/") and (found / "index.html").is_file():
            found /= "index.html"
        accepted = accepted_codings(self.headers.get("Accept-Encoding", ""))
        for coding, suffix in self.codings.items():
            sibling = found.with_name(found.name + suffix)
            if coding in accepted and sibling.is_file():
                self.coding = coding
                return str(sibling)
        self.coding = ""
        return str(found)

    def guess_type(self, path: Any) -> str:
        """The type of what is compressed, not of the compression."""
        return super().guess_type(str(path).removesuffix(CODINGS.get(self.coding, "")))

    def end_headers(self) -> None:
        """Let the browser keep a hashed file for ever; the others it asks for each time, and never sees an old one."""
        hashed = HASHED.search(urlsplit(self.path).path) is not None
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if hashed else "no-cache")
        if self.coding:
            self.send_header("Content-Encoding", self.coding)
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """An error is written here, uncompressed, and nothing to keep."""
        self.coding, self.path = "", "/"
        super().send_error(code, message, explain)

    def list_directory(self, path: Any) -> None:
        """A folder without a page is not found."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of what went well."""


class CompressingHandler(Handler):
    """The same as a good host does it."""

    codings = CODINGS


def accepted_codings(header: str) -> set[str]:
    """The codings that an Accept-Encoding header names, without those that it excludes with q=0."""
    parts = [part.replace(" ", "").partition(";") for part in header.lower().split(",")]
    return {coding for coding, _, weight in parts if not re.fullmatch(r"q=0(\.0*)?", weight)}


class Server(ThreadingHTTPServer):
    """One thread a request; a browser that closes a connection early is no error."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what is really wrong."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int, handler: type[Handler] = Handler) -> Server:
    """A server that is bound and not yet running; port 0 takes a free one. ServeError when the port cannot be had."""
    if not 0 <= port <= 65535:
        raise ServeError(f"port is {port}; it must be between 0 and 65535.")
    if not (folder / "index.html").is_file():
        raise ServeError(f"{folder} holds no index.html; run `make build` first.")
    try:
        return Server((HOST, port), functools.partial(handler, directory=str(folder)))
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        why = "is taken by another program" if error.errno == errno.EADDRINUSE else "is reserved for the system"
        raise ServeError(f"Port {port} {why}; choose another, for instance: make serve PORT={port + 1}.") from None


@contextmanager
def served(folder: Path, *, compress: bool = False) -> Iterator[str]:
    """The address of a folder on a free port, with its last slash, for as long as the block lasts."""
    with server(folder, 0, CompressingHandler if compress else Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://localhost:{running.server_port}/"
        finally:
            running.shutdown()
            thread.join()


def serve(folder: Path, port: int) -> None:
    """Serve until Ctrl-C or a polite kill."""
    with server(folder, port) as running:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        print(f"Perceptorium is at http://localhost:{running.server_port}  (Ctrl-C stops it)", flush=True)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print("\nStopped.", flush=True)
