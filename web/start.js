// What the page says about itself before any Python runs: loading, ready or failed, in words.
// A classic script in <head>, so that it works where modules do not (file://) and is there before they start.
"use strict";

(() => {
  const STALL_MS = 45_000;
  const root = document.documentElement;
  let stage = "Starting";
  let share = 0;
  let problem = "";
  let details = "";
  let wasReady = false;
  let alarm;

  const element = (id) => document.getElementById(id);

  function draw() {
    const state = root.dataset.app;
    const bar = element("loading-bar");
    if (bar === null) return; // the body is not parsed yet; DOMContentLoaded draws again
    element("loading").hidden = state !== "loading";
    element("failure").hidden = state !== "failed";
    element("loading-stage").textContent = stage;
    bar.setAttribute("aria-valuemin", "0");
    bar.setAttribute("aria-valuemax", "100");
    bar.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    bar.setAttribute("aria-valuetext", stage);
    bar.style.setProperty("--share", String(share));
    if (element("failure-text").textContent !== problem) element("failure-text").textContent = problem;
    element("failure-tools").hidden = !wasReady;
    element("failure-details").textContent = details;
  }

  function enter(state) {
    root.dataset.app = state;
    clearTimeout(alarm);
    draw();
  }

  const api = {
    /** Says what is happening now, and how much of the way (0 to 1) lies behind. */
    progress(text, done) {
      if (root.dataset.app !== "loading") return;
      [stage, share] = [text, Math.max(share, done)]; // a bar that runs backwards would be a lie about the rest
      clearTimeout(alarm);
      alarm = setTimeout(stalled, STALL_MS);
      draw();
    },
    /** The controls work. Also after a stall that was only slowness. */
    ready() {
      wasReady = true;
      enter("ready");
      catchUp();
      document.dispatchEvent(new Event("perceptorium-ready"));
    },
    /** Something broke. The first reason is the cause; what follows from it would only hide it. */
    fail(text, traceback = "") {
      if (root.dataset.app === "failed") return;
      [problem, details] = [text, traceback];
      api.forget();
      enter("failed");
      if (wasReady) element("failure-restart").focus();
    },
    /** Python has come to its end. What is left of it may do nothing without saying so: only the page can be restarted. */
    stop(reason, traceback = "") {
      api.restart = () => {
        throw new Error(reason);
      };
      if (wasReady) api.fail(`Python stopped: ${reason}. Restart loads the page anew, with the set-up it had.`, traceback);
    },
    /** Brings back the state before the failure, without loading Python anew; the app puts the real one here. */
    restart() {
      throw new Error("The app never started.");
    },
    /** Lets the next visit begin from the files; ahead.js puts the real one here. */
    forget() {},
    /** Paths of the files that have not arrived; boot.mjs puts the real list here. */
    pending: () => [],
  };
  globalThis.perceptorium = api;

  // What is pressed or entered before Python is there is remembered, marked, and done when it is.
  const MARKED = { click: "data-click", input: "data-input", change: "data-change" };
  const remembered = new Map();

  function remember({ type, target }) {
    const element = target.closest?.(`[${MARKED[type]}]`);
    if (root.dataset.app !== "loading" || !element) return;
    element.dataset.remembered = "";
    const action = `[${MARKED[type]}="${CSS.escape(element.getAttribute(MARKED[type]))}"]`;
    remembered.delete(action); // the last word on each control counts, in the order of the last words
    remembered.set(action, { type, value: element.value });
  }

  function catchUp() {
    for (const element of document.querySelectorAll("[data-remembered]")) delete element.dataset.remembered;
    for (const [action, { type, value }] of remembered) {
      const element = document.querySelector(action); // perhaps another one than was pressed: the page may be patched
      if (!element) continue;
      if (type !== "click") element.value = value;
      element.dispatchEvent(new Event(type, { bubbles: true }));
    }
    remembered.clear();
  }

  for (const type of Object.keys(MARKED)) addEventListener(type, remember, true);

  function stalled() {
    const [file] = api.pending();
    api.fail(
      `Nothing has happened for ${STALL_MS / 1000} seconds at “${stage}”` +
        (file === undefined ? ". " : `, where the file ${file} has not arrived. `) +
        "The network or this device may be too slow: reload the page to try again.",
    );
  }

  // Load errors do not bubble, hence the capture. What Python or PyScript throws while starting comes here too.
  addEventListener(
    "error",
    ({ target, message }) => {
      if (root.dataset.app !== "loading") return;
      if (target instanceof HTMLScriptElement) explain(`${target.src} did not load.`);
      else if (message) explain(`${message}.`);
    },
    true,
  );
  addEventListener("unhandledrejection", ({ reason }) => {
    if (root.dataset.app === "loading") explain(`${lastLine(reason)}.`);
  });
  // Python tells of its own exceptions, unless that fails as well. What it cannot tell of is its own end: memory that is
  // lost, a stack overrun.
  addEventListener("error", ({ error }) => {
    if (error?.pyodide_fatal_error || error instanceof WebAssembly.RuntimeError) api.stop(lastLine(error), error.stack);
    else if (error?.name !== "PythonError" || !wasReady) return;
    else if (error.type.endsWith("MemoryError")) api.stop("it has no memory left", error.message);
    else api.fail(`The page's own program failed (${lastLine(error)}). Restart goes on from before it.`, error.message);
  });

  function restart() {
    try {
      api.restart();
      enter("ready");
    } catch {
      location.reload(); // the app recalls the last set-up
    }
  }

  async function copyDetails() {
    const button = element("failure-copy");
    await navigator.clipboard.writeText(`${problem}\n\n${details}`).then(
      () => (button.textContent = "Copied"),
      () => (element("failure-details").parentElement.open = true), // no clipboard: there it can be selected
    );
  }

  const lastLine = (reason) => String(reason?.message ?? reason).trim().split("\n").at(-1).replace(/\.$/, "");

  function explain(symptom) {
    api.fail(notFound() ?? `${symptom} Reload the page; if that does not help, the copy of this site is incomplete.`);
  }

  // A script whose own import is missing only says that it failed; the browser's list of requests knows which file.
  function notFound() {
    const entry = performance.getEntriesByType("resource").find(({ responseStatus }) => responseStatus >= 400);
    return entry === undefined
      ? null
      : `The file ${entry.name} is missing: the server answered ${entry.responseStatus}. ` +
          "Copy the whole dist folder to the server, then reload the page.";
  }

  enter("loading");
  const alone = document.currentScript?.src === ""; // the page as one file, which carries everything
  if (location.protocol === "file:" && !alone) {
    api.fail(
      "This page was opened as a file, and browsers do not let such a page load Python. " +
        "Serve the folder (for instance: python3 -m http.server) and open its http://localhost address.",
    );
  } else if (typeof WebAssembly !== "object") {
    api.fail(
      "This browser has WebAssembly switched off, and Python needs it. Allow WebAssembly for this site " +
        "(strict privacy modes switch it off) or use another browser, then reload the page.",
    );
  } else {
    api.progress("Starting", 0);
  }
  document.addEventListener("DOMContentLoaded", () => {
    // After a reload Firefox ticks what was ticked before; the app starts from what the page says.
    for (const input of document.querySelectorAll("input")) input.checked = input.defaultChecked;
    element("failure-restart").addEventListener("click", restart);
    element("failure-copy").addEventListener("click", copyDetails);
    draw();
  });
})();
