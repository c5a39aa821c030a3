// Begins the large downloads while the page is still parsed and laid out, for which every module has to wait.
// web/boot.mjs, which knows what they are for, asks for each again, counts it, and says what is wrong with one that fails.
// A classic script in <head>; the build names the files in `data-files` (sitebuild/page.py).
"use strict";

(() => {
  const page = (globalThis.perceptorium ??= { progress() {}, fail() {} });
  const begun = new Map();
  /** Bytes that have arrived, by address. */
  page.arrived = new Map();
  /** Called whenever more have; boot.mjs puts itself here. */
  page.onArrival = () => {};

  function note(url, bytes) {
    page.arrived.set(url, (page.arrived.get(url) ?? 0) + bytes);
    page.onArrival();
  }

  // Without `integrity`, which would hold the response back until all of it has come: WebAssembly is compiled while it
  // arrives.
  async function response(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer;
  }

  /** Code is not counted as it comes: a response with another reader loses what was compiled on the last visit. */
  async function compiled(url, bytes) {
    const module = await WebAssembly.compileStreaming(await response(url));
    note(url, bytes);
    return module;
  }

  /** An archive (sitebuild/pack.py), which is only read. */
  async function read(url, bytes) {
    const data = new Uint8Array(bytes);
    const reader = (await response(url)).body.getReader();
    let at = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      data.set(part.value, at);
      at += part.value.byteLength;
      note(url, part.value.byteLength);
    }
    if (at !== bytes) throw new Error(`${at} bytes came, and ${bytes} were expected`);
    return data;
  }

  /** The file at an absolute address: WebAssembly compiled, an archive's bytes. It is fetched once. */
  page.load = (url, isArchive, bytes) => {
    if (!begun.has(url)) begun.set(url, isArchive ? read(url, bytes) : compiled(url, bytes));
    return begun.get(url);
  };

  for (const file of (document.currentScript?.dataset.files ?? "").split(" ").filter(Boolean)) {
    const [path, bytes] = file.split(":");
    const loading = page.load(new URL(path, document.baseURI).href, path.includes(".pack"), Number(bytes));
    loading.catch(() => {}); // boot.mjs asks for it again and is told
  }
})();
