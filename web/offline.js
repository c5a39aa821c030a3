// Makes the page work without a network after one visit, and offers a new version when there is one.
"use strict";

(() => {
  const root = document.documentElement;
  const workers = navigator.serviceWorker; // exists only on https: and localhost
  if (workers === undefined) return;
  let wanted = false;

  /** The version on screen stays until the reader asks for the other: a training may be running. */
  function announce(worker) {
    const news = document.getElementById("news");
    const use = document.createElement("button");
    use.type = "button";
    use.textContent = "Use the new version";
    use.addEventListener("click", () => {
      wanted = true;
      worker.postMessage("take over");
    });
    news.replaceChildren("A new version of this page is ready. ", use);
  }

  function follow(worker) {
    worker.addEventListener("statechange", () => {
      if (worker.state === "installed" && workers.controller !== null) announce(worker);
      else if (worker.state === "activated") root.dataset.offline = "";
    });
  }

  async function register() {
    workers.addEventListener("controllerchange", () => {
      if (wanted) location.reload();
    });
    const registration = await workers.register("./sw.js", { updateViaCache: "none" });
    if (registration.waiting !== null) announce(registration.waiting);
    if (registration.installing !== null) follow(registration.installing);
    if (registration.active !== null) root.dataset.offline = "";
    registration.addEventListener("updatefound", () => follow(registration.installing));
  }

  // Not before: the first visit's downloads come first.
  document.addEventListener("perceptorium-ready", () => {
    register().catch((error) => console.info(`This page will need the network again: ${error.message}`));
  });
})();
