// Keeps one whole version of the page, so that it works without a network and is never half old and half new.
// The build writes what belongs to the version (sitebuild/offline.py); another version is another text of this file,
// which is how a browser notices it.
const VERSION = "build:version";
const FILES = ["build:files"]; // [path, integrity]; "" is the page itself

// An origin may hold several sites below it (github.io does), and a cache belongs to the origin.
const PREFIX = `perceptorium ${registration.scope} `;
const NAME = PREFIX + VERSION;
const address = (path) => new URL(path, registration.scope).href;
const KNOWN = new Map(FILES.map(([path]) => [address(path), path]));
KNOWN.set(address("index.html"), "");

/** All files of this version or, where one is missing or not the one that was built, none. */
async function fill() {
  const cache = await caches.open(NAME);
  try {
    await Promise.all(FILES.map((file) => keep(cache, ...file)));
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
}

async function keep(cache, path, integrity) {
  const url = address(path);
  // A path with a hash names the same bytes in every version: what a cache has of it is not fetched again.
  const same = /-[0-9a-f]{10}\.[a-z]+$/.test(path);
  const known = same ? await caches.match(url) : undefined;
  const response = known ?? (await fetch(url, { integrity, cache: same ? "default" : "no-cache" }));
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  await cache.put(url, response);
}

/** This version's file, else any version's: of a path with a hash, there is only one. */
async function answer(request, path) {
  const own = await caches.open(NAME);
  return (await own.match(address(path))) ?? (await caches.match(address(path))) ?? fetch(request);
}

/** The version before this one stays, for other tabs that still show it. */
async function sweep() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
}

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(sweep().then(() => clients.claim())));

addEventListener("message", ({ data }) => {
  if (data === "take over") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const path = KNOWN.get(url.split(/[?#]/)[0]);
  if (method === "GET" && path !== undefined) event.respondWith(answer(event.request, path));
});
