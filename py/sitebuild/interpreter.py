"""Pyodide's own files, with three expressions replaced that do nothing for a page, or harm it, in Chromium."""

from collections.abc import Mapping
from pathlib import Path

from sitebuild.errors import BuildError

FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
# By file, what is there once and what takes its place.
REPLACED: Mapping[str, Mapping[bytes, bytes]] = {
    "pyodide.mjs": {
        # A map of a source that is not shipped: one 404 for whoever opens the developer tools.
        b"//# sourceMappingURL=pyodide.mjs.map": b"",
    },
    "pyodide.asm.mjs": {
        # Memory for `Atomics.wait`, which no page may call. Shared memory is deprecated where a page is not isolated
        # from others; on memory that is not shared the call throws as well, and Pyodide catches it.
        b"new WebAssembly.Memory({shared:!0,initial:1,maximum:1}).buffer": b"new ArrayBuffer(4)",
        # Python on a stack of its own, so that it could wait for JavaScript, which nothing here does. Chromium 156 now
        # and then looks at the stack of whoever asks for memory; it reads past the end of such a one, and the tab dies:
        # once in some 300 loads. Without it Python runs on the page's own stack, as in browsers that have no other.
        b'"Suspending"in WebAssembly': b"false",
    },
}


def interpreter(pyodide: Path) -> dict[str, bytes]:
    """The files that start Python, by their names; BuildError when one of them is not as expected."""
    files = {name: (pyodide / name).read_bytes() for name in FILES}
    for name, expressions in REPLACED.items():
        for old, new in expressions.items():
            found = files[name].count(old)
            if found != 1:
                raise BuildError(
                    f"Pyodide's {name} has {old.decode()} {found} times; the build takes the place of one."
                )
            files[name] = files[name].replace(old, new)
    return files
