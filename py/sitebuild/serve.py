"""Serve ``dist/`` on this machine, and only to it."""

import errno
import functools
import signal
import sys
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sitebuild.errors import ServeError

HOST = "127.0.0.1"

# Named here because the machine's own table decides otherwise, and Python starts only from the right type.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".zip": "application/zip",
}


class Handler(SimpleHTTPRequestHandler):
    """Files with the right types, no listings, and a log of errors only."""

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES

    def end_headers(self) -> None:
        """Let the browser keep a file but ask each time: after a rebuild nobody sees the old one."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        """A folder without a page is not found."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of what went well."""


class Server(ThreadingHTTPServer):
    """One thread a request; a browser that closes a connection early is no error."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what is really wrong."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int) -> Server:
    """A server that is bound and not yet running; port 0 takes a free one. ServeError when the port cannot be had."""
    if not 0 <= port <= 65535:
        raise ServeError(f"port is {port}; it must be between 0 and 65535.")
    if not (folder / "index.html").is_file():
        raise ServeError(f"{folder} holds no index.html; run `make build` first.")
    try:
        return Server((HOST, port), functools.partial(Handler, directory=str(folder)))
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        why = "is taken by another program" if error.errno == errno.EADDRINUSE else "is reserved for the system"
        raise ServeError(f"Port {port} {why}; choose another, for instance: make serve PORT={port + 1}.") from None


def serve(folder: Path, port: int) -> None:
    """Serve until Ctrl-C or a polite kill."""
    with server(folder, port) as running:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        print(f"Perceptorium is at http://localhost:{running.server_port}  (Ctrl-C stops it)", flush=True)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print("\nStopped.", flush=True)
