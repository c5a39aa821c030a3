// The interpreter that PyScript loads: Pyodide with NumPy and the application, from this folder and nowhere else.
// PyScript would otherwise install packages with micropip, whose own imports cost more time than NumPy's.
import { application, assets, folder, lock, version } from "./runtime.mjs";

export { version };

// A worker may boot from this module too; it has no page to report to.
const page = globalThis.perceptorium ?? { progress() {}, fail() {} };
const here = (path) => new URL(path, import.meta.url).href;
const isWasm = ({ path }) => path.endsWith(".wasm");
const isScript = ({ path }) => path.endsWith(".mjs");
const ADVICE = " Copy the whole folder of the site to the server again, then reload the page.";

/** What is wrong with a response before its body is read: one sentence, or null. */
function refusal({ path }, response) {
  const type = response.headers.get("content-type") ?? "no type";
  if (!response.ok) return `The file ${path} is missing: the server answered ${response.status}.${ADVICE}`;
  const [right, wanted] = path.endsWith(".wasm")
    ? [/^application\/wasm/, "application/wasm"]
    : path.endsWith(".mjs")
      ? [/^(text|application)\/javascript/, "text/javascript"]
      : [/./, "anything"];
  if (right.test(type)) return null;
  return `The server sends ${path} as “${type}”, and Python starts only from “${wanted}”: set that type on the server.`;
}

/** Reads every runtime file again and names the first that is not what the build wrote; null if all are well. */
async function examine() {
  for (const asset of assets) {
    const response = await fetch(here(asset.path), { cache: "force-cache" }).catch(() => null);
    if (response === null) return `The file ${asset.path} cannot be fetched: the server does not answer.`;
    const refused = refusal(asset, response);
    if (refused !== null) return refused;
    if (!(await intact(asset, await response.arrayBuffer()))) return `The file ${asset.path} is damaged.${ADVICE}`;
  }
  return null;
}

async function intact({ bytes, integrity }, body) {
  if (body.byteLength !== bytes) return false;
  if (!globalThis.crypto?.subtle) return true; // exists only on https: and localhost
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return integrity === `sha256-${btoa(String.fromCharCode(...digest))}`;
}

const total = assets.reduce((sum, { bytes }) => sum + bytes, 0);
let received = 0;

/** Downloading is the first four fifths of the bar; what follows has no bytes to count. */
function count(bytes) {
  received += bytes;
  const [done, all] = [received, total].map((size) => (size / 1e6).toFixed(1));
  page.progress(`Downloading: ${done} of ${all} MB`, (0.8 * received) / total);
}

async function download(asset) {
  // The browser holds a response with `integrity` back until all of it has come, but WebAssembly is to be compiled
  // while it arrives; it has its own validation.
  const response = await fetch(here(asset.path), isWasm(asset) ? {} : { integrity: asset.integrity });
  const refused = refusal(asset, response);
  if (refused !== null) throw new Error(refused);
  tally(response.clone().body); // the original is kept whole: only from it the browser caches compiled code
  return response;
}

async function tally(body) {
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    count(value.byteLength);
  }
}

async function load(asset) {
  const module = await import(here(asset.path));
  count(asset.bytes);
  return module;
}

// Everything starts at once, also before PyScript asks for it; Pyodide alone would fetch one file after another.
page.examine = examine;
const responses = new Map(assets.filter((a) => !isScript(a)).map((a) => [here(a.path), download(a)]));
const modules = Promise.all(assets.filter(isScript).map(load));
const everything = Promise.all([...responses.values(), modules]);

/** Gives Pyodide the downloads that are under way; it knows only how to fetch. */
function lend(original) {
  return (request, init) => {
    const url = String(request?.url ?? request);
    const response = responses.get(url);
    responses.delete(url);
    return response ?? original(request, init);
  };
}

export async function loadPyodide(options) {
  const original = globalThis.fetch;
  try {
    globalThis.fetch = lend(original);
    const [{ loadPyodide: start }, { default: createPyodideModule }] = await modules;
    const python = start({
      ...options,
      createPyodideModule,
      indexURL: here(folder),
      packageBaseUrl: here(folder),
      lockFileContents: lock,
      packages: Object.keys(lock.packages),
      fsInit: async (FS, { sitePackages }) => {
        page.progress("Starting Python", 0.85);
        const archive = await (await fetch(here(application))).arrayBuffer();
        FS.writeFile(`${sitePackages}/perceptorium.zip`, new Uint8Array(archive), { canOwn: true });
        FS.writeFile(`${sitePackages}/perceptorium.pth`, `${sitePackages}/perceptorium.zip\n`);
      },
    });
    const [interpreter] = await Promise.all([python, everything]);
    page.progress("Starting the laboratory", 0.95);
    return interpreter;
  } catch (error) {
    page.fail((await examine()) ?? `Python did not start: ${error.message}`);
    throw error;
  } finally {
    globalThis.fetch = original;
  }
}
