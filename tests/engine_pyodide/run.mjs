// Runs pytest inside Pyodide: node run.mjs <checkout> <site-packages with pytest> <wheels, joined by :> <arguments...>
// The last line of output is JSON: a list of [test, outcome, what it says].
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [checkout, sitePackages, wheels, ...options] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${checkout}/node_modules/pyodide/pyodide.mjs`).href);
const python = await loadPyodide({
  env: { HOME: "/home/pyodide", PYTHONDONTWRITEBYTECODE: "1", HYPOTHESIS_STORAGE_DIRECTORY: "/tmp/hypothesis" },
});
for (const wheel of wheels.split(":")) {
  python.unpackArchive(Uint8Array.from(readFileSync(wheel)), "wheel", { extractDir: "/wheels" });
}
for (const [folder, root] of [["/checkout", checkout], ["/development", sitePackages]]) {
  python.FS.mkdirTree(folder);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, folder);
}
python.globals.set("options", python.toPy(options));
console.log(
  python.runPython(`
import json, os, sys
sys.path[:0] = ["/wheels"]  # NumPy and Hypothesis are found here,
sys.path.append("/development")  # before the ones that were made for the development machine
os.chdir("/checkout")
import pytest

class Results:
    def __init__(self):
        self.all = []

    def pytest_collectreport(self, report):
        if report.failed:
            self.all.append((report.nodeid, "error", str(report.longrepr)))

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            self.all.append((report.nodeid, report.outcome, report.longreprtext))

results = Results()
pytest.main(options, plugins=[results])
json.dumps(results.all)
`),
);
