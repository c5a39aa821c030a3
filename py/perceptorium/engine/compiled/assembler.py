"""A small assembler: `Module` collects functions, `Function` writes one body with locals, memory and control flow.

Control flow is Python's `with`: what is written inside the block is inside the loop or the condition.

    module = Module(pages=1)
    f = module.function("sum", [I32], F64)          # parameter: how many numbers lie at address 0
    total = f.variable(F64)
    with f.count(f.parameter(0)) as (_, i):
        f.set(total, total + load(F64, i * 8))
    f.give(total)
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from .encoding import F64, I32, MAGIC_AND_VERSION, V128, VALUE_TYPE, function_type, name, section, unsigned, vector
from .expression import Expr, constant, simd

LOAD = {I32: b"\x28\x02", F64: b"\x2b\x03", V128: simd(0x00) + b"\x04"}  # instruction and alignment hint
STORE = {I32: b"\x36\x02", F64: b"\x39\x03", V128: simd(0x0B) + b"\x04"}
LOAD_SPLAT = simd(0x0A) + b"\x03"
LOAD_LANE, STORE_LANE = simd(0x57) + b"\x03", simd(0x5B) + b"\x03"
BLOCK, LOOP, IF, ELSE, END = b"\x02\x40", b"\x03\x40", b"\x04\x40", b"\x05", b"\x0b"
BRANCH, BRANCH_IF, CALL, DROP = b"\x0c", b"\x0d", b"\x10", b"\x1a"
GET, SET = b"\x20", b"\x21"


@dataclass(frozen=True, slots=True)
class Loop:
    """A running loop, which code inside it can leave."""

    function: "Function"
    depth: int

    def leave_if(self, condition: Expr) -> None:
        """Leave the loop when the i32 is not 0."""
        self.function.emit(condition.code + BRANCH_IF + unsigned(self.function.depth - self.depth))


class Variable(Expr):
    """A local: used as an expression it is its current value."""

    __slots__ = ("index",)

    def __init__(self, kind: str, index: int) -> None:
        super().__init__(kind, GET + unsigned(index))
        self.index = index


class Function:
    """One function of a module. `parameters` and `result` are value types; variables begin as 0."""

    def __init__(self, index: int, title: str, parameters: Sequence[str], result: str | None, exported: bool) -> None:
        self.index, self.title, self.exported = index, title, exported
        self.parameters, self.result = tuple(parameters), result
        self.depth = 0
        self._locals: list[str] = []
        self._code: list[bytes] = []
        self._inlined: dict[Callable[[Function, Expr], Expr], tuple[Variable, bytes, Variable]] = {}

    def emit(self, code: bytes) -> None:
        """Append instructions."""
        self._code.append(code)

    def parameter(self, position: int) -> Variable:
        """The parameter at this position."""
        return Variable(self.parameters[position], position)

    def variable(self, kind: str) -> Variable:
        """A new local, 0 when the function is entered."""
        self._locals.append(kind)
        return Variable(kind, len(self.parameters) + len(self._locals) - 1)

    def set(self, target: Variable, value: Expr | float) -> None:
        """Assign."""
        code = value.code if isinstance(value, Expr) else constant(target.kind, value).code
        self._code.append(code + SET + unsigned(target.index))

    def let(self, value: Expr) -> Variable:
        """A new local that holds the value: computed once, used as often as needed."""
        target = self.variable(value.kind)
        self._code.append(value.code + SET + unsigned(target.index))
        return target

    def inline(self, operation: Callable[["Function", Expr], Expr], x: Expr) -> Variable:
        """`operation(f, x)` in a new local; its code is composed once and then repeated, with the same inner locals.

        A network applies one activation dozens of times: composing it anew would be most of the compiler's time.
        """
        if operation not in self._inlined:
            argument, result = self.variable(x.kind), self.variable(x.kind)
            outer, self._code = self._code, []
            self.set(result, operation(self, argument))
            self._inlined[operation] = argument, b"".join(self._code), result
            self._code = outer
        argument, code, result = self._inlined[operation]
        self.set(argument, x)
        self.emit(code)
        return self.let(result)

    def give(self, value: Expr) -> None:
        """Leave the value as the function's result; the last thing a function does."""
        self.emit(value.code)

    def store(self, address: Expr, value: Expr, offset: int = 0) -> None:
        """Write the value at `address + offset`."""
        self.emit(address.code + value.code + STORE[value.kind] + unsigned(offset))

    def store_lane(self, address: Expr, value: Expr, lane: int, offset: int = 0) -> None:
        """Write one lane of a v128 at `address + offset`."""
        self.emit(address.code + value.code + STORE_LANE + unsigned(offset) + bytes((lane,)))

    def call(self, function: "Function", *arguments: Expr) -> Expr:
        """Call another function; one without a result is called at once, else where the expression is used."""
        code = b"".join(argument.code for argument in arguments) + CALL + unsigned(function.index)
        if function.result is None:
            self.emit(code)
            return Expr(I32, b"")
        return Expr(function.result, code)

    def discard(self, value: Expr) -> None:
        """Evaluate for the effect only."""
        self.emit(value.code + DROP)

    @contextmanager
    def count(self, end: Expr, step: Expr | int = 1) -> Iterator[tuple[Loop, Variable]]:
        """Repeat with an i32 counter 0, step, 2 step, … while it is below `end` (a constant or a local)."""
        counter = self.variable(I32)
        self.set(counter, 0)
        self.emit(BLOCK + LOOP)
        self.depth += 2
        loop = Loop(self, self.depth - 1)
        loop.leave_if(~(counter < end))
        yield loop, counter
        self.set(counter, counter + step)
        self.emit(BRANCH + b"\0" + END + END)
        self.depth -= 2

    @contextmanager
    def when(self, condition: Expr) -> Iterator[None]:
        """Run the block only if the i32 is not 0."""
        self.emit(condition.code + IF)
        self.depth += 1
        yield
        self.emit(END)
        self.depth -= 1

    @contextmanager
    def otherwise(self) -> Iterator[None]:
        """Directly after `when`: run the block if the condition did not hold."""
        assert self._code[-1] == END
        self._code[-1] = ELSE
        self.depth += 1
        yield
        self.emit(END)
        self.depth -= 1

    def body(self) -> bytes:
        """The entry of the code section: length, locals as (1, type) pairs, instructions, end."""
        groups: list[bytes] = []
        run = 0
        for position, kind in enumerate(self._locals):
            run += 1
            if position + 1 == len(self._locals) or self._locals[position + 1] != kind:
                groups.append(unsigned(run) + VALUE_TYPE[kind])
                run = 0
        content = vector(groups) + b"".join(self._code) + END
        return unsigned(len(content)) + content


def load(kind: str, address: Expr, offset: int = 0) -> Expr:
    """The value of this type at `address + offset`."""
    return Expr(kind, address.code + LOAD[kind] + unsigned(offset))


def load_splat(address: Expr, offset: int = 0) -> Expr:
    """v128: the f64 at `address + offset`, in both lanes."""
    return Expr(V128, address.code + LOAD_SPLAT + unsigned(offset))


def load_pair(first: Expr, second: Expr, offset: int = 0) -> Expr:
    """v128: the f64 at `first + offset` beside the one at `second + offset`."""
    end = unsigned(offset)
    return Expr(V128, second.code + first.code + LOAD_SPLAT + end + LOAD_LANE + end + b"\1")


class Module:
    """Functions and one memory of `pages` (64 KiB each) that is exported as "memory" and can grow."""

    def __init__(self, pages: int) -> None:
        self._pages = pages
        self._functions: list[Function] = []

    def function(
        self, title: str, parameters: Sequence[str], result: str | None = None, exported: bool = False
    ) -> Function:
        """Begin a function. Functions may call those that were begun before them."""
        function = Function(len(self._functions), title, parameters, result, exported)
        self._functions.append(function)
        return function

    def binary(self) -> bytes:
        """The module's bytes."""
        types = [function_type(f.parameters, f.result) for f in self._functions]
        exports = [name("memory") + b"\x02\0"]
        exports += [name(f.title) + b"\0" + unsigned(f.index) for f in self._functions if f.exported]
        return MAGIC_AND_VERSION + b"".join(
            (
                section(1, vector(types)),
                section(3, vector(unsigned(f.index) for f in self._functions)),
                section(5, vector([b"\0" + unsigned(self._pages)])),
                section(7, vector(exports)),
                section(10, vector(f.body() for f in self._functions)),
            )
        )
