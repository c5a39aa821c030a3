"""Pyodide's own files, without two expressions of which Chromium complains and which do nothing in a page."""

from pathlib import Path

from sitebuild.errors import BuildError

FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
# What is there once, and what takes its place.
QUIETER = {
    # A map of a source that is not shipped: one 404 for whoever opens the developer tools.
    "pyodide.mjs": (b"//# sourceMappingURL=pyodide.mjs.map", b""),
    # Memory for `Atomics.wait`, which no page may call. Shared memory is deprecated where a page is not isolated from
    # others; on memory that is not shared the call throws as well, and Pyodide catches it.
    "pyodide.asm.mjs": (b"new WebAssembly.Memory({shared:!0,initial:1,maximum:1}).buffer", b"new ArrayBuffer(4)"),
}


def interpreter(pyodide: Path) -> dict[str, bytes]:
    """The files that start Python, by their names; BuildError when one of them is not as expected."""
    files = {name: (pyodide / name).read_bytes() for name in FILES}
    for name, (old, new) in QUIETER.items():
        found = files[name].count(old)
        if found != 1:
            raise BuildError(f"Pyodide's {name} has {old.decode()} {found} times; the build takes the place of one.")
        files[name] = files[name].replace(old, new)
    return files
