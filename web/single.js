// The page as one file: everything that it loads lies in it as text, and becomes addresses that only this page knows.
// sitebuild/single.py writes the elements that are read here; web/boot.mjs asks `perceptorium.locate` for addresses.
"use strict";

(async () => {
  const { perceptorium } = globalThis;
  const decode = Uint8Array.fromBase64 ?? ((text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));

  /** The address of what lies in an element. */
  async function publish(element) {
    const { type, gzip } = element.dataset;
    let blob = new Blob([decode.call(Uint8Array, element.textContent)], { type });
    if (gzip !== undefined) {
      const stream = blob.stream().pipeThrough(new DecompressionStream("gzip"));
      blob = await new Response(stream, { headers: { "content-type": type } }).blob();
    }
    element.remove(); // or its text would stay in memory
    return URL.createObjectURL(blob);
  }

  const elements = [...document.querySelectorAll("script[data-path]")];
  const published = elements.map(async (element) => [element.dataset.path, await publish(element)]);
  const addresses = Object.fromEntries(await Promise.all(published));
  // A folder is no file: its address only has to be one, nothing is fetched from it.
  perceptorium.locate = (path) => addresses[path] ?? `https://perceptorium.invalid/${path}`;

  /** boot.mjs as it lies here imports others by their paths, which mean nothing to a blob. */
  const boot = await (await fetch(addresses["boot.mjs"])).text();
  const text = boot.replaceAll(/"\.\/(\w+-\w+\.mjs)"/g, (_, path) => JSON.stringify(addresses[path]));
  const module = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));

  // PyScript takes an interpreter's address for one only if it has slashes; an import map leads on from there.
  const interpreter = perceptorium.locate("boot.js");
  const map = document.createElement("script");
  map.type = "importmap";
  map.textContent = JSON.stringify({ imports: { [interpreter]: module } });
  document.head.append(map);

  const python = document.getElementById("python");
  const config = { ...JSON.parse(python.dataset.config), interpreter };
  const script = document.createElement("script");
  script.type = "py";
  script.setAttribute("config", JSON.stringify(config));
  script.textContent = python.textContent;
  python.replaceWith(script);
  await import(interpreter);
  await import(addresses["pyscript.js"]);
})().catch((error) => globalThis.perceptorium.fail(`The file could not be unpacked: ${error.message}`));
