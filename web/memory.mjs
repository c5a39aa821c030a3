// Python's memory as it is when everything is imported and nothing has begun: taken on the first visit, kept by the
// browser (web/ahead.js), and where a later visit begins. Pyodide has the like of it for Python alone; here NumPy's
// compiled modules belong to it, which must stand at the same addresses again.

/** Makes NumPy's compiled modules part of the interpreter, before Python starts: {where Python looks for it: module}. */
export function link(interpreter, modules) {
  for (const [path, compiled] of Object.entries(modules)) {
    interpreter.preloadedWasm[path] = interpreter.loadWebAssemblyModule(compiled, { nodelete: true }, path, {});
  }
  interpreter.linked = interpreter.wasmTable.length;
}

/** The objects of JavaScript that Python may know by then, and the way to them. */
const paths = () => new Map([
  [globalThis, []],
  [document, ["document"]],
  [globalThis.perceptorium, ["perceptorium"]],
]);

function path(object) {
  const found = paths().get(object);
  if (found === undefined) throw new Error(`Python holds ${object}, to which no way is known`);
  return found;
}

/** The functions that Python has made callable since: {module, name} for each, in their order; null where it took one back. */
function exported({ wasmTable, linked, preloadedWasm }) {
  const names = new Map(
    Object.entries(preloadedWasm).flatMap(([module, exports]) =>
      Object.entries(exports).map(([name, value]) => [value, { module, name }]),
    ),
  );
  return Array.from({ length: wasmTable.length - linked }, (_, index) => {
    const entry = wasmTable.get(linked + index);
    const found = entry && names.get(entry);
    if (found === undefined) throw new Error(`entry ${linked + index} of the table is of unknown origin`);
    return found;
  });
}

/**
 * What is in use, as [begin, end] of each part: constants and variables, then the heap. Between them lies the stack, in
 * which nothing is left, and after them what nobody has asked for yet.
 */
const parts = ({ _emscripten_stack_get_end: low, _emscripten_stack_get_base: high, _sbrk: end }) => [
  [0, low()],
  [high(), end(0)],
];

/** The memory of a Python that has begun nothing, as parts of a file; an Error where it holds what cannot be kept. */
export function take(python, files) {
  const { _module: interpreter, _api: api } = python;
  const objects = api.serializeHiwireState(path);
  const known = api.getExpectedKeys().length + objects.hiwireKeys.length;
  // The first, null, is not counted. One in between that was given back would hide those after it.
  if (known !== interpreter._hiwire_num_refs() + 1) throw new Error("Python has given back an object of JavaScript");
  const { HEAPU8: heap, linked, LDSO } = interpreter;
  const state = {
    objects,
    linked,
    parts: parts(interpreter),
    size: heap.length,
    exported: exported(interpreter),
    handles: Object.entries(LDSO.loadedLibsByHandle).flatMap(([at, { name }]) => (+at ? [[+at, name]] : [])),
    files: Object.entries(files).map(([name, data]) => [name, data.length]),
  };
  const text = new TextEncoder().encode(JSON.stringify(state));
  return [Uint32Array.of(text.length), text, ...Object.values(files), ...state.parts.map(([from, to]) => heap.slice(from, to))];
}

/** What was taken: `files`, and `restore`, which gives an interpreter that memory and returns what Pyodide has to know. */
export function read(buffer) {
  const bytes = new Uint8Array(buffer);
  let end = 4 + new DataView(buffer).getUint32(0, true);
  const state = JSON.parse(new TextDecoder().decode(bytes.subarray(4, end)));
  const next = (length) => bytes.subarray(end, (end += length));
  const files = Object.fromEntries(state.files.map(([name, length]) => [name, next(length)]));
  const length = state.parts.reduce((sum, [from, to]) => sum + to - from, end);
  if (length !== bytes.length) throw new Error(`${bytes.length} bytes were kept of ${length}`);

  function restore(interpreter) {
    const { linked, addFunction, freeTableIndexes, preloadedWasm, wasmTable } = interpreter;
    if (linked !== state.linked) throw new Error(`the table has ${linked} entries and had ${state.linked}`);
    const entries = state.exported.map((entry) =>
      entry ? addFunction(preloadedWasm[entry.module][entry.name]) : wasmTable.grow(1),
    );
    if (entries.some((entry, index) => entry !== linked + index)) throw new Error("the table has another order");
    freeTableIndexes.push(...entries.filter((_, index) => state.exported[index] === null));
    for (const [handle, name] of state.handles) {
      Object.assign(interpreter.newDSO(name, handle, preloadedWasm[name]), { global: false, refcount: 1 });
    }
    interpreter.growMemory(state.size);
    const { HEAPU8: heap } = interpreter;
    if (heap.length !== state.size) throw new Error(`the memory has ${heap.length} bytes and had ${state.size}`);
    const places = parts(interpreter);
    if (places.some(([from, to], index) => from !== state.parts[index][0] || to > state.parts[index][1])) {
      throw new Error(`the memory is divided at ${places} and was at ${state.parts}`);
    }
    for (const [from, to] of state.parts) heap.set(next(to - from), from);
    return state.objects;
  }

  return { files, restore };
}

/** The way back to an object. */
export const follow = (steps) => steps.reduce((object, step) => object[step], globalThis);
