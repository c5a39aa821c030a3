// What can be wrong with a file of the site, each in one sentence.

const ADVICE = "Copy the whole folder of the site to the server again, then reload the page.";
const TYPES = { mjs: /^(text|application)\/javascript/, wasm: /^application\/wasm/ };

/** What is wrong with a response before its body is read, or null. */
function refusal(path, { ok, status, headers }) {
  if (!ok) return `The file ${path} is missing: the server answered ${status}. ${ADVICE}`;
  const type = headers.get("content-type") ?? "";
  const extension = path.slice(path.lastIndexOf(".") + 1);
  const right = TYPES[extension] ?? /^/;
  return right.test(type)
    ? null
    : `The server sends the file ${path} as “${type}”, and Python does not start from that. ` +
        `Set its type on the server to ${extension === "wasm" ? "application/wasm" : "text/javascript"}.`;
}

/** Fetches a file that did not work once more, from its address, to say what is wrong with it. */
export async function diagnosis(asset, address, error) {
  const { path } = asset;
  const response = await fetch(address).catch(() => null);
  if (response === null) return `The file ${path} cannot be fetched: the server does not answer.`;
  const refused = refusal(path, response);
  if (refused !== null) return refused;
  if (!(await isIntact(asset, await response.arrayBuffer()))) return `The file ${path} is damaged. ${ADVICE}`;
  return `The file ${path} does not work in this browser: ${error.message}`;
}

/** Whether the bytes of a file are those that were built. */
export async function isIntact({ bytes, integrity }, body) {
  if (body.byteLength !== bytes) return false;
  if (!globalThis.crypto?.subtle) return true; // exists only on https: and localhost
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return integrity === `sha256-${btoa(String.fromCharCode(...digest))}`;
}
