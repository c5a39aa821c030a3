// The interpreter that PyScript loads: Pyodide with NumPy and the application, from this folder and nowhere else.
// PyScript would otherwise install packages with micropip, whose own imports cost more time than NumPy's.
import { assets, later, lock, names, version } from "./runtime.mjs";

export { version };

// A worker may boot from this module too; it has no page to report to.
const page = (globalThis.perceptorium ??= { progress() {}, fail() {} });
// The page as one file (web/single.js) carries what is loaded here and has its own addresses for it.
const here = page.locate ?? ((path) => new URL(path, import.meta.url).href);
const isScript = ({ name }) => name.endsWith(".mjs");
const isWasm = ({ name }) => name.endsWith(".wasm");
const isPack = ({ name }) => name.endsWith(".pack");
const ADVICE = "Copy the whole folder of the site to the server again, then reload the page.";

// --- What can be wrong with a file, each in one sentence -------------------------------------------------------------

const TYPES = { ".mjs": /^(text|application)\/javascript/, ".wasm": /^application\/wasm/ };

/** What is wrong with a response before its body is read, or null. */
function refusal({ name, path }, { ok, status, headers }) {
  if (!ok) return `The file ${path} is missing: the server answered ${status}. ${ADVICE}`;
  const type = headers.get("content-type") ?? "";
  const right = TYPES[name.slice(name.lastIndexOf("."))] ?? /^/;
  return right.test(type)
    ? null
    : `The server sends the file ${path} as “${type}”, and Python does not start from that. ` +
        `Set its type on the server to ${isWasm({ name }) ? "application/wasm" : "text/javascript"}.`;
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

// --- Downloads: all start at once, before PyScript asks; Pyodide alone would fetch one file after another ------------

const total = assets.reduce((sum, { bytes }) => sum + bytes, 0);
const pending = new Set(assets.map(({ path }) => path));
let received = 0;

page.pending = () => [...pending];

/** Downloading is the first four fifths of the bar; what follows has no bytes to count. */
function count(bytes) {
  received += bytes;
  const [done, all] = [received, total].map((size) => (size / 1e6).toFixed(1));
  page.progress(`Downloading: ${done} of ${all} MB`, (0.8 * received) / total);
}

async function download(asset) {
  // Without `integrity`, which would hold the response back until all of it has come: WebAssembly is compiled and
  // gzip undone while they arrive, and both notice damage.
  const response = await fetch(here(asset.path));
  if (refusal(asset, response) !== null) throw new Error("refused");
  // A copy is counted. WebAssembly is counted when it is compiled: a response that was copied compiles more slowly.
  if (!isWasm(asset)) tally(asset, response.clone().body.getReader()).catch((error) => blame(asset, error));
  return response;
}

async function tally({ path }, reader) {
  for (let part = await reader.read(); !part.done; part = await reader.read()) count(part.value.byteLength);
  pending.delete(path);
}

async function load(asset) {
  const module = await import(here(asset.path));
  count(asset.bytes);
  pending.delete(asset.path);
  return module;
}

/** A promise that settles only if all is well; otherwise `brokenFile` speaks. */
const orBlame = (asset, promise) => promise.catch((error) => (blame(asset, error), new Promise(() => {})));

const unpacked = (response) => new Response(response.body.pipeThrough(new DecompressionStream("gzip")));

const responses = new Map(assets.filter((a) => !isScript(a)).map((a) => [a.name, orBlame(a, download(a))]));
const modules = Promise.all(assets.filter(isScript).map((a) => orBlame(a, load(a))));
// Read while Pyodide's own code is still on its way.
const archives = Object.fromEntries(
  assets.filter(isPack).map((a) => [a.name, responses.get(a.name).then((r) => orBlame(a, unpacked(r).arrayBuffer()))]),
);

// --- Start -----------------------------------------------------------------------------------------------------------

const folder = here("runtime/");

/** Pyodide knows only how to fetch: it is given the downloads that are under way, until `restore()`. */
function lendDownloads() {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  const wasm = assets.find(isWasm);
  const lent = {
    [`${folder}${wasm.name}`]: () => responses.get(wasm.name),
    [`${folder}python.zip`]: async () => new Response(await archives["python.pack"]),
  };
  globalThis.fetch = (request, init) => (lent[String(request?.url ?? request)] ?? (() => fetch(request, init)))();
  // Pyodide waits for ever for a module that does not compile.
  WebAssembly.instantiateStreaming = async (...args) => {
    const made = await orBlame(wasm, instantiateStreaming.apply(WebAssembly, args));
    count(wasm.bytes);
    pending.delete(wasm.path);
    return made;
  };
  return () => {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
}

/** Writes NumPy and the application where Python's own import system finds them. */
async function install(FS, { sitePackages }) {
  const [numpy, application] = await Promise.all([archives["numpy.pack"], archives["perceptorium.pack"]]);
  page.progress("Starting Python", 0.85);
  unpack(FS, sitePackages, numpy);
  FS.writeFile(`${sitePackages}/perceptorium.zip`, new Uint8Array(application), { canOwn: true });
  FS.writeFile(`${sitePackages}/perceptorium.pth`, `${sitePackages}/perceptorium.zip\n`);
}

/** The files of an archive that sitebuild/pack.py wrote. */
function unpack(FS, folder, buffer) {
  const start = 4 + new DataView(buffer).getUint32(0, true);
  let at = start;
  for (const [path, length] of JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, start - 4)))) {
    const file = `${folder}/${path}`;
    FS.mkdirTree(file.slice(0, file.lastIndexOf("/")));
    FS.writeFile(file, new Uint8Array(buffer, at, length), { canOwn: true });
    at += length;
  }
}

// --- What Python asks for later --------------------------------------------------------------------------------------

/** Where the files are that the page fetches after it is ready, by their names. */
page.files = Object.fromEntries(Object.entries(later).map(([name, path]) => [name, here(path)]));

/** The modules that were not loaded: an import cannot wait, so this request is the one that does not let it. */
page.library = {
  names,
  fetch() {
    const request = new XMLHttpRequest();
    request.open("GET", page.files["library.pack"], false);
    request.overrideMimeType("text/plain; charset=x-user-defined"); // one character a byte
    request.send();
    if (request.status !== 200) throw new Error(`the server answered ${request.status} for ${later["library.pack"]}`);
    return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 0xff);
  },
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

export async function loadPyodide(options) {
  const restore = lendDownloads();
  try {
    const [{ loadPyodide: start }, { default: createPyodideModule }] = await Promise.race([modules, brokenFile]);
    const starting = start({
      ...options,
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
