// The interpreter that PyScript loads: Pyodide with NumPy and the application, from this folder and nowhere else.
// PyScript would otherwise install packages with micropip, whose own imports cost more time than NumPy's.
import { application, assets, folder, lock, version } from "./runtime.mjs";

export { version };

// A worker may boot from this module too; it has no page to report to.
const page = globalThis.perceptorium ?? { progress() {}, fail() {} };
const here = (path) => new URL(path, import.meta.url).href;
const isScript = ({ path }) => path.endsWith(".mjs");
const isWasm = ({ path }) => path.endsWith(".wasm");
const ADVICE = "Copy the whole folder of the site to the server again, then reload the page.";

// --- What can be wrong with a file, each in one sentence -------------------------------------------------------------

const TYPES = { ".mjs": /^(text|application)\/javascript/, ".wasm": /^application\/wasm/ };

/** What is wrong with a response before its body is read, or null. */
function refusal({ path }, { ok, status, headers }) {
  if (!ok) return `The file ${path} is missing: the server answered ${status}. ${ADVICE}`;
  const type = headers.get("content-type") ?? "";
  const right = TYPES[path.slice(path.lastIndexOf("."))] ?? /^/;
  return right.test(type)
    ? null
    : `The server sends the file ${path} as “${type}”, and Python does not start from that. ` +
        `Set its type on the server to ${isWasm({ path }) ? "application/wasm" : "text/javascript"}.`;
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
  // The browser holds a response with `integrity` back until all of it has come. WebAssembly is to be compiled while
  // it arrives, and validates itself.
  const response = await fetch(here(asset.path), isWasm(asset) ? {} : { integrity: asset.integrity });
  if (refusal(asset, response) !== null) throw new Error("refused");
  // The copy is counted and Pyodide gets the original: only from that the browser caches compiled code.
  tally(asset, response.clone().body.getReader()).catch((error) => blame(asset, error));
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

const responses = new Map(assets.filter((a) => !isScript(a)).map((a) => [here(a.path), orBlame(a, download(a))]));
const modules = Promise.all(assets.filter(isScript).map((a) => orBlame(a, load(a))));

// --- Start -----------------------------------------------------------------------------------------------------------

/** Pyodide knows only how to fetch: it is given the downloads that are under way, until `restore()`. */
function lendDownloads() {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  globalThis.fetch = (request, init) => {
    const url = String(request?.url ?? request);
    const response = responses.get(url);
    responses.delete(url); // a body can be read once
    return response ?? fetch(request, init);
  };
  // Pyodide waits for ever for a module that does not compile.
  WebAssembly.instantiateStreaming = (...args) =>
    orBlame(assets.find(isWasm), instantiateStreaming.apply(WebAssembly, args));
  return () => {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
}

/** Puts the application's archive where Python's own import system reads it. */
async function installApplication(FS, { sitePackages }) {
  page.progress("Starting Python", 0.85);
  const archive = new Uint8Array(await (await fetch(here(application))).arrayBuffer());
  FS.writeFile(`${sitePackages}/perceptorium.zip`, archive, { canOwn: true });
  FS.writeFile(`${sitePackages}/perceptorium.pth`, `${sitePackages}/perceptorium.zip\n`);
}

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
      indexURL: here(folder),
      packageBaseUrl: here(folder),
      lockFileContents: lock,
      packages: Object.keys(lock.packages),
      fsInit: installApplication,
    });
    const python = await Promise.race([starting, brokenFile]);
    page.progress("Starting the laboratory", 0.95);
    return reportExceptions(python);
  } catch (error) {
    page.fail(`Python did not start: ${error.message}`);
    throw error;
  } finally {
    restore();
  }
}
