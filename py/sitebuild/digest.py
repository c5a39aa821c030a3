"""SHA-256 in the two spellings the web uses."""

import base64
import hashlib


def sha256(data: bytes) -> str:
    """Hexadecimal, as in ``pyodide-lock.json``."""
    return hashlib.sha256(data).hexdigest()


def integrity(data: bytes) -> str:
    """``sha256-…`` in base64, as in an ``integrity`` attribute and the option of ``fetch``."""
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")
