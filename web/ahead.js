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

  function arrived(url, bytes) {
    page.arrived.set(url, bytes);
    page.onArrival();
  }

  /**
   * Without `integrity`, which would hold the response back until all of it has come: WebAssembly is compiled while it
   * arrives. It is not counted on its way: a response with another reader loses what was compiled on the last visit.
   */
  async function compiled(url, bytes) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const module = await WebAssembly.compileStreaming(response);
    arrived(url, bytes);
    return module;
  }

  /** An archive (sitebuild/pack.py), which is only read: by a request that gathers and counts it outside this thread. */
  function read(url) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("GET", url);
      request.responseType = "arraybuffer";
      request.onprogress = ({ loaded }) => arrived(url, loaded);
      request.onload = () => {
        if (request.status !== 200) return reject(new Error(`the server answered ${request.status}`));
        arrived(url, request.response.byteLength);
        resolve(new Uint8Array(request.response));
      };
      request.onerror = () => reject(new Error("the server did not answer"));
      request.send();
    });
  }

  /** The file at an absolute address: WebAssembly compiled, an archive's bytes. It is fetched once. */
  page.load = (url, isArchive, bytes) => {
    if (!begun.has(url)) begun.set(url, isArchive ? read(url) : compiled(url, bytes));
    return begun.get(url);
  };

  for (const file of (document.currentScript?.dataset.files ?? "").split(" ").filter(Boolean)) {
    const [path, bytes] = file.split(":");
    const loading = page.load(new URL(path, document.baseURI).href, path.includes(".pack"), Number(bytes));
    loading.catch(() => {}); // boot.mjs asks for it again and is told
  }
})();
