// The interpreter that PyScript loads: Pyodide with NumPy and the application, from this folder and nowhere else.
// PyScript would otherwise install packages with micropip, whose own imports cost more time than NumPy's.
import { assets, later, library, lock, version } from "./runtime.mjs";

export { version };

const page = globalThis.perceptorium; // made by start.js and ahead.js
// The page as one file (web/single.js) carries what is loaded here and has its own addresses for it.
const here = page.locate ?? ((path) => new URL(path, import.meta.url).href);
const isScript = ({ name }) => name.endsWith(".mjs");
const isArchive = ({ name }) => name.endsWith(".pack.wasm");
const extension = ({ name }) => name.slice(name.lastIndexOf(".") + 1);
const WASM = "pyodide.asm.wasm";
const ADVICE = "Copy the whole folder of the site to the server again, then reload the page.";

// --- What can be wrong with a file, each in one sentence -------------------------------------------------------------

const TYPES = { mjs: /^(text|application)\/javascript/, wasm: /^application\/wasm/ };

/** What is wrong with a response before its body is read, or null. */
function refusal(asset, { ok, status, headers }) {
  const { path } = asset;
  if (!ok) return `The file ${path} is missing: the server answered ${status}. ${ADVICE}`;
  const type = headers.get("content-type") ?? "";
  const right = TYPES[extension(asset)] ?? /^/;
  return right.test(type)
    ? null
    : `The server sends the file ${path} as “${type}”, and Python does not start from that. ` +
        `Set its type on the server to ${extension(asset) === "wasm" ? "application/wasm" : "text/javascript"}.`;
}

/** Fetches a file that did not work once more, to say what is wrong with it. */
async function diagnosis(asset, error) {
  const response = await fetch(here(asset.path)).catch(() => null);
  if (response === null) return `The file ${asset.path} cannot be fetched: the server does not answer.`;
  const refused = refusal(asset, response);
  if (refused !== null) return refused;
  if (!(await isIntact(asset, await response.arrayBuffer()))) return `The file ${asset.path} is damaged. ${ADVICE}`;
  return `The file ${asset.path} does not work in this browser: ${error.message}`;
}

async function isIntact({ bytes, integrity }, body) {
  if (body.byteLength !== bytes) return false;
  if (!globalThis.crypto?.subtle) return true; // exists only on https: and localhost
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return integrity === `sha256-${btoa(String.fromCharCode(...digest))}`;
}

let giveUp;
const brokenFile = new Promise((_, reject) => (giveUp = reject));
brokenFile.catch(() => {}); // it may break before anybody waits for it

async function blame(asset, error) {
  const sentence = await diagnosis(asset, error);
  page.fail(sentence);
  giveUp(new Error(sentence));
}

// --- Downloads: all start at once, before Pyodide asks, which would fetch one file after another ----------------------

const total = assets.reduce((sum, { bytes }) => sum + bytes, 0);
const pending = new Set(assets.map(({ path }) => path));
const imported = new Map(); // modules have no bytes to count on their way

page.pending = () => [...pending];

/** Four fifths of the bar; what follows has no bytes to count. */
function count() {
  const received = [...page.arrived.values(), ...imported.values()].reduce((sum, bytes) => sum + bytes, 0);
  const [done, all] = [received, total].map((size) => (size / 1e6).toFixed(1));
  page.progress(`Loading: ${done} of ${all} MB`, (0.8 * received) / total);
}

/** A promise that settles only if all is well; otherwise `brokenFile` speaks. */
async function arrival(asset, promise) {
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
async function take(asset) {
  const file = await page.load(here(asset.path), isArchive(asset), asset.bytes);
  if (isArchive(asset) && !(await isIntact(asset, file))) throw new Error("its bytes are not those that were built");
  return file;
}

page.onArrival = count;
const files = Object.fromEntries(
  assets.filter((asset) => !isScript(asset)).map((asset) => [asset.name, arrival(asset, take(asset))]),
);
const modules = Promise.all(assets.filter(isScript).map((asset) => arrival(asset, load(asset))));

// --- Start -----------------------------------------------------------------------------------------------------------

const folder = here("runtime/");

/** Pyodide knows only how to fetch and to compile: it is given what is under way, until `restore()`. */
function lendDownloads() {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  const lent = {
    [`${folder}${WASM}`]: async () => new Response(),
    [`${folder}python.zip`]: async () => new Response(entries(await files["python.pack.wasm"]).find(isZip)[1]),
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

/** Pyodide with all that the page needs. It starts before PyScript is there to ask for it. */
async function start() {
  const restore = lendDownloads();
  try {
    const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.race([modules, brokenFile]);
    const starting = loadPyodide({
      createPyodideModule,
      indexURL: folder,
      stdLibURL: `${folder}python.zip`,
      lockFileContents: lock,
      packages: [],
      fsInit: install,
    });
    const interpreter = await Promise.race([starting, brokenFile]);
    interpreter.runPython("from perceptorium.page.preparation import prepare; prepare()");
    page.python = interpreter; // for the browser's console
    page.progress("Starting the laboratory", 0.95);
    return reportExceptions(interpreter);
  } catch (error) {
    page.fail(`Python did not start: ${error.message}`);
    throw error;
  } finally {
    restore();
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
