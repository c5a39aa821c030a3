"""Get a locked file into the cache, from there or from the first source that has it, and check it by its hash."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from sitebuild.digest import sha256
from sitebuild.errors import VendorError
from sitebuild.runtime_lock import LockedFile
from sitebuild.sources import Source, SourceError


def obtain(wanted: LockedFile, cache: Path, sources: Sequence[Source], say: Callable[[str], None] = print) -> Path:
    """The path of the wanted file in the cache, after fetching it where necessary.

    Nothing with another hash is ever used or kept: a wrong file in the cache is deleted, one from a source is never
    written, and both end in a VendorError that names the file, the expected and the found hash.
    VendorError as well when no source has the file; it lists what was tried.
    """
    path = cache / wanted.name
    if path.exists():
        try:
            check(wanted, path.read_bytes(), str(path))
        except VendorError as error:
            path.unlink()
            raise VendorError(f"{error} It has been deleted; the next run fetches it again.") from None
        return path
    tried = []
    for source in sources:
        say(f"Fetching {wanted.name} from {source.title}")
        try:
            data = source.fetch(wanted.name)
        except SourceError as error:
            tried.append(f"{source.title} ({error})")
            continue
        check(wanted, data, f"{wanted.name} from {source.title}")
        place(path, data)
        return path
    raise VendorError(
        f"{wanted.name} is not in the cache {cache} and no source gave it: {'; '.join(tried)}. "
        "Connect to the internet once, or put the file there."
    )


def check(wanted: LockedFile, data: bytes, origin: str) -> None:
    """VendorError unless the data have the wanted hash."""
    found = sha256(data)
    if found != wanted.sha256:
        raise VendorError(
            f"{origin} is not the file that pyodide-lock.json names: expected SHA-256 {wanted.sha256}, found {found}."
        )


def place(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it: a temporary neighbour, then a rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".partial-", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
