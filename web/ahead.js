// Begins the downloads while the page is still parsed and laid out, for which a module's own tag has to wait.
// web/boot.mjs, which knows what they are for, asks for each again, counts it, and says what is wrong with one that fails.
// The build puts this behind start.js, in one file: a second one would come later. Its tag names boot.mjs in `data-boot`,
// the other files in `data-files`, and all of them together in `data-version` (sitebuild/page.py).
"use strict";

(() => {
  const page = globalThis.perceptorium; // made by start.js
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

  // --- Python's memory (web/memory.mjs): the browser keeps it from one visit of a version to the next ------------------

  const KEPT = "perceptorium-memory";
  const { boot, files = "", version } = document.currentScript?.dataset ?? {};
  // Whose memory it is: what one version of a browser laid out, another might not.
  const owner = `${version} ${navigator.userAgent}`;

  /** A browser may have no storage, or none for this page: then every visit starts Python from its files. */
  function isKept() {
    try {
      return version !== undefined && localStorage.getItem(KEPT) === owner;
    } catch {
      return false;
    }
  }

  async function recall() {
    const found = await caches.match(version, { cacheName: KEPT });
    return (await found?.arrayBuffer()) ?? null;
  }

  const kept = isKept();
  /** What was kept, or null. */
  page.kept = kept ? recall().catch(() => null) : Promise.resolve(null);

  /** Not to be used again: where anything fails, the next visit begins from the files. */
  page.forget = () => {
    try {
      localStorage.removeItem(KEPT);
    } catch {} // nor was anything kept
  };

  /** Keeps parts of a file for the next visit, when the page is there and has nothing better to do. */
  async function keep(parts) {
    page.forget();
    await caches.delete(KEPT);
    await (await caches.open(KEPT)).put(version, new Response(new Blob(parts)));
    localStorage.setItem(KEPT, owner);
  }

  if (version !== undefined && globalThis.caches) {
    page.keep = (parts) => {
      const later = () => keep(parts).catch(({ message }) => console.info(`Python will start from its files: ${message}`));
      document.addEventListener("perceptorium-ready", later, { once: true });
    };
  }

  // ---------------------------------------------------------------------------------------------------------------------

  const absolute = (path) => new URL(path, document.baseURI).href;

  if (boot !== undefined) import(absolute(boot)); // start.js says what is wrong with it
  for (const file of files.split(" ").filter(Boolean)) {
    const [path, bytes] = file.split(":");
    const isArchive = path.includes(".pack");
    if (isArchive && kept) continue;
    const url = absolute(path);
    const loading = path.endsWith(".mjs") ? import(url) : page.load(url, isArchive, Number(bytes));
    loading.catch(() => {}); // boot.mjs asks for it again and is told
  }
})();
