"""The browser's own objects. Everything else is handed what it needs of them."""

from __future__ import annotations

from typing import Any

import js
from pyodide.ffi import JsException, create_proxy

window: Any = js.window
document: Any = js.document
host: Any = js.perceptorium
"""What ``web/start.js`` and ``web/paint.js`` offer: ``ready``, ``fail``, ``stop``, ``painter``."""

proxy = create_proxy
JavaScriptError = JsException

javascript: Any = js
"""The whole of JavaScript's global scope, for what runs compiled networks."""
