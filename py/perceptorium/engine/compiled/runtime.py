"""What a kernel needs of the machine that runs it, and the two machines: a browser, and wasmtime in CPython."""

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
PAGE = 65536  # bytes in which WebAssembly's memory grows
VIEWS = 4  # a kernel keeps an image for training and one for prediction; each is written and read


class Instance(Protocol):
    """A running module."""

    def reserve(self, size: int) -> None:
        """Make the memory at least `size` bytes long."""

    def write(self, address: int, data: Bytes) -> None:
        """Copy `data` into the memory."""

    def read(self, address: int, into: Bytes) -> None:
        """Copy memory into `into`."""

    def call(self, function: str, *arguments: int) -> int:
        """Call an exported function with i32 arguments; its i32 result, or 0 if it has none."""


class Runtime(Protocol):
    """Something that runs WebAssembly."""

    def load(self, module: bytes) -> Instance:
        """Compile and start a module."""

    def supports(self, module: bytes) -> bool:
        """Whether the module is valid here: a browser without SIMD says no to one that uses it."""


class BrowserRuntime:
    """The browser's own WebAssembly. `js` is Pyodide's module of that name, passed in by the page.

    Needs nothing but 'wasm-unsafe-eval' from a Content-Security-Policy: no JavaScript is built from strings.
    """

    def __init__(self, js: Any) -> None:
        self._js = js

    def load(self, module: bytes) -> "BrowserInstance":
        """Compile and start a module, at once: it is small enough for the main thread."""
        return BrowserInstance(self._js, self._buffer(module))

    def supports(self, module: bytes) -> bool:
        """Ask WebAssembly.validate."""
        return bool(self._js.WebAssembly.validate(self._buffer(module)))

    def _buffer(self, module: bytes) -> Any:
        buffer = self._js.Uint8Array.new(len(module))
        buffer.assign(module)
        return buffer


class BrowserInstance:
    """A WebAssembly.Instance behind Pyodide's proxies.

    Views of the memory are kept, since making one costs more than the copy; they die when the memory grows. Only as
    many as are in use: what a proxy stands for is not free while Python holds it.
    """

    def __init__(self, js: Any, module: Any) -> None:
        self._js = js
        self._exports = js.WebAssembly.Instance.new(js.WebAssembly.Module.new(module)).exports
        self._size = self._exports.memory.buffer.byteLength
        self._functions: dict[str, Any] = {}
        self._views: dict[tuple[int, int], Any] = {}

    def reserve(self, size: int) -> None:
        """See `Instance`."""
        missing = size - self._size
        if missing > 0:
            self._exports.memory.grow(-(-missing // PAGE))
            self._size = self._exports.memory.buffer.byteLength
            self._views.clear()

    def write(self, address: int, data: Bytes) -> None:
        """See `Instance`."""
        self._view(address, data.nbytes).assign(data)

    def read(self, address: int, into: Bytes) -> None:
        """See `Instance`."""
        self._view(address, into.nbytes).assign_to(into)

    def call(self, function: str, *arguments: int) -> int:
        """See `Instance`."""
        if function not in self._functions:
            self._functions[function] = getattr(self._exports, function)
        return self._functions[function](*arguments) or 0

    def _view(self, address: int, size: int) -> Any:
        view = self._views.get((address, size))
        if view is None:
            if len(self._views) >= VIEWS:
                del self._views[next(iter(self._views))]
            view = self._js.Uint8Array.new(self._exports.memory.buffer, address, size)
            self._views[address, size] = view
        return view


class WasmtimeRuntime:
    """The wasmtime package, for tests and for scripts outside a browser."""

    def __init__(self) -> None:
        import wasmtime

        self._wasmtime = wasmtime
        self._engine = wasmtime.Engine()

    def load(self, module: bytes) -> "WasmtimeInstance":
        """Compile and start a module."""
        return WasmtimeInstance(self._wasmtime, self._engine, module)

    def supports(self, module: bytes) -> bool:
        """Ask wasmtime's validation."""
        try:
            self._wasmtime.Module.validate(self._engine, module)
        except self._wasmtime.WasmtimeError:
            return False
        return True


class WasmtimeInstance:
    """A wasmtime instance with a store of its own."""

    def __init__(self, wasmtime: Any, engine: Any, module: bytes) -> None:
        self._store = wasmtime.Store(engine)
        instance = wasmtime.Instance(self._store, wasmtime.Module(engine, module), [])
        self._exports = instance.exports(self._store)
        self._memory = self._exports["memory"]

    def reserve(self, size: int) -> None:
        """See `Instance`."""
        missing = size - self._memory.data_len(self._store)
        if missing > 0:
            self._memory.grow(self._store, -(-missing // PAGE))

    def write(self, address: int, data: Bytes) -> None:
        """See `Instance`."""
        self._bytes(address, data.nbytes)[:] = data

    def read(self, address: int, into: Bytes) -> None:
        """See `Instance`."""
        into[:] = self._bytes(address, into.nbytes)

    def call(self, function: str, *arguments: int) -> int:
        """See `Instance`."""
        return self._exports[function](self._store, *arguments) or 0

    def _bytes(self, address: int, size: int) -> Bytes:
        return np.frombuffer(self._memory.get_buffer_ptr(self._store, size, address), dtype=np.uint8)
