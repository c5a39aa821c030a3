// The interpreter that PyScript loads: Pyodide with NumPy and the application, from this folder and nowhere else.
// PyScript would otherwise install packages with micropip, whose own imports cost more time than NumPy's.
import { diagnosis, isIntact } from "./diagnosis.mjs";
import { follow, link, read, take } from "./memory.mjs";
import { assets, compiled, later, library, lock, version } from "./runtime.mjs";

export { version };

const page = globalThis.perceptorium; // made by start.js and ahead.js
// The page as one file (web/single.js) carries what is loaded here and has its own addresses for it.
const here = page.locate ?? ((path) => new URL(path, import.meta.url).href);
const isScript = ({ name }) => name.endsWith(".mjs");
const isArchive = ({ name }) => name.endsWith(".pack.wasm");
const WASM = "pyodide.asm.wasm";
const ZIP = "python.zip";

let giveUp;
const brokenFile = new Promise((_, reject) => (giveUp = reject));
brokenFile.catch(() => {}); // it may break before anybody waits for it

async function blame(asset, error) {
  const sentence = await diagnosis(asset, here(asset.path), error);
  page.fail(sentence);
  giveUp(new Error(sentence));
}

// --- Downloads: all start at once, before Pyodide asks, which would fetch one file after another ----------------------

const DRAW_MS = 100; // more often would take time from what the page waits for
let total = 0;
let drawn = 0;
const pending = new Set();
const imported = new Map(); // modules have no bytes to count on their way

page.pending = () => [...pending];

/** Four fifths of the bar; what follows has no bytes to count. */
function count() {
  if (performance.now() - drawn < DRAW_MS) return;
  drawn = performance.now();
  const received = [...page.arrived.values(), ...imported.values()].reduce((sum, bytes) => sum + bytes, 0);
  const [done, all] = [received, total].map((size) => (size / 1e6).toFixed(1));
  page.progress(`Loading: ${done} of ${all} MB`, (0.8 * received) / total);
}

/** A promise that settles only if all is well; otherwise `brokenFile` speaks. */
async function arrival(asset, promise) {
  total += asset.bytes;
  pending.add(asset.path);
  try {
    const result = await promise;
    pending.delete(asset.path);
    return result;
  } catch (error) {
    blame(asset, error);
    return new Promise(() => {});
  }
}

async function load(asset) {
  const module = await import(here(asset.path));
  imported.set(asset.path, asset.bytes);
  count();
  return module;
}

/** Of damaged WebAssembly the browser complains. */
async function get(asset) {
  const file = await page.load(here(asset.path), isArchive(asset), asset.bytes);
  if (isArchive(asset) && !(await isIntact(asset, file))) throw new Error("its bytes are not those that were built");
  return file;
}

page.onArrival = count;
const modules = Promise.all(assets.filter(isScript).map((asset) => arrival(asset, load(asset))));
const files = {};

function request(wanted) {
  for (const asset of assets.filter(wanted)) files[asset.name] ??= arrival(asset, get(asset));
}

request((asset) => !isScript(asset) && !isArchive(asset));

// --- Start -----------------------------------------------------------------------------------------------------------

const folder = here("runtime/");

/** Pyodide knows only how to fetch and to compile: it is given what is under way, until `restore()`. */
function lendDownloads(zip) {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  const lent = {
    [`${folder}${WASM}`]: async () => new Response(),
    [`${folder}${ZIP}`]: async () => new Response(await zip),
  };
  globalThis.fetch = (request, init) => (lent[String(request?.url ?? request)] ?? (() => fetch(request, init)))();
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const module = await files[WASM];
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  return () => {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
}

/** Writes Python's library, NumPy and the application where Python looks for them when it starts. */
async function install(FS) {
  const archives = await Promise.all([files["python.pack.wasm"], files["perceptorium.pack.wasm"]]);
  page.progress("Starting Python", 0.85);
  for (const [path, data] of archives.flatMap(entries).filter((entry) => !isZip(entry))) {
    FS.mkdirTree(`/lib/${path.slice(0, path.lastIndexOf("/"))}`);
    FS.writeFile(`/lib/${path}`, data, { canOwn: true });
  }
}

/** The files of an archive that sitebuild/pack.py wrote, as [path, bytes]. */
function entries(archive) {
  const at = archive.subarray(19); // after what makes it a WebAssembly module
  const size = new DataView(at.buffer, at.byteOffset).getUint32(0, true);
  let end = 4 + size;
  return JSON.parse(new TextDecoder().decode(at.subarray(4, end))).map(([path, length]) => {
    end += length;
    return [path, at.subarray(end - length, end)];
  });
}

/** What Pyodide itself writes to its place. */
const isZip = ([path]) => path.endsWith(".zip");

// --- What Python asks for later --------------------------------------------------------------------------------------

/** Where the files are that the page fetches after it is ready, by their names. */
page.files = Object.fromEntries(Object.entries(later).map(([name, path]) => [name, here(path)]));

/** The modules that are not loaded at once, by the file that has them. */
page.library = library;

/** One of those files at once: an import cannot wait, so this is the request that does not let it. */
page.readNow = (name) => {
  const request = new XMLHttpRequest();
  request.open("GET", page.files[name], false);
  request.overrideMimeType("text/plain; charset=x-user-defined"); // one character a byte
  request.send();
  if (request.status !== 200) throw new Error(`the server answered ${request.status} for ${later[name]}`);
  return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 0xff);
};

/** A script that ends in an exception while the page loads leaves it without its controls. */
function reportExceptions(python) {
  const run = python.runPythonAsync;
  python.runPythonAsync = (...args) =>
    run.apply(python, args).catch((error) => {
      page.fail(`The laboratory did not start. ${error.message.trim().split("\n").at(-1)}`);
      throw error;
    });
  return python;
}

/** What makes the interpreter, for Pyodide to call: with NumPy's compiled modules in it. */
const maker = (createPyodideModule) => async (settings) => {
  const modules = await Promise.all(Object.entries(compiled).map(async ([name, path]) => [path, await files[name]]));
  settings.onRuntimeInitialized = () => link(settings, Object.fromEntries(modules));
  return createPyodideModule(settings);
};

/** Pyodide with all that the page needs, from the files. */
async function fromFiles(loadPyodide, createPyodideModule, zip) {
  const python = await loadPyodide({ createPyodideModule, fsInit: install });
  python.runPython("from perceptorium.preparation import prepare; prepare()");
  try {
    page.keep?.(take(python, { [ZIP]: await zip }));
  } catch (error) {
    console.info(`Python will start from its files: ${error.message}`);
  }
  return python;
}

/** The same, as the last visit kept it. */
const fromMemory = (loadPyodide, createPyodideModule, { restore }) =>
  loadPyodide({
    createPyodideModule: async (settings) => {
      const interpreter = await createPyodideModule(settings);
      interpreter.API.restoreSnapshot = () => {
        interpreter.API.restoreSnapshot = null; // or what was kept would stay in memory twice
        return restore(interpreter);
      };
      return interpreter;
    },
    _loadSnapshot: new Uint8Array(), // with one, Pyodide asks for the state instead of starting Python
    _snapshotDeserializer: follow,
  });

async function begin(memory) {
  const kept = memory && read(memory);
  if (kept === null) request(isArchive);
  const zip = kept ? kept.files[ZIP] : files["python.pack.wasm"].then((archive) => entries(archive).find(isZip)[1]);
  const restore = lendDownloads(zip);
  try {
    const [{ loadPyodide }, { default: createPyodideModule }] = await modules;
    const options = { indexURL: folder, stdLibURL: `${folder}${ZIP}`, lockFileContents: lock, packages: [] };
    const load = (more) => loadPyodide({ ...options, ...more });
    const create = maker(createPyodideModule);
    return await (kept ? fromMemory(load, create, kept) : fromFiles(load, create, zip));
  } finally {
    restore();
  }
}

/** What was kept does not fit this browser, or not any more. */
function again(error) {
  console.info(`Python starts from its files: ${error.message}`);
  page.forget();
  return begin(null);
}

/** Begins before PyScript is there to ask for it. */
async function start() {
  try {
    const memory = await page.kept;
    page.kept = null;
    const starting = begin(memory);
    const python = await Promise.race([memory === null ? starting : starting.catch(again), brokenFile]);
    page.python = python; // for the browser's console
    page.progress("Starting the laboratory", 0.95);
    return reportExceptions(python);
  } catch (error) {
    page.fail(`Python did not start: ${error.message}`);
    throw error;
  }
}

const started = start();
started.catch(() => {}); // the page has said it; PyScript may never come to hear it

/** What PyScript calls, with the two ends of Python's output. */
export async function loadPyodide({ stdout, stderr }) {
  const interpreter = await started;
  if (stdout) interpreter.setStdout({ batched: stdout });
  if (stderr) interpreter.setStderr({ batched: stderr });
  return interpreter;
}
