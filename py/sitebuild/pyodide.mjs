// What the build's programs for Pyodide under Node have in common.
import { pathToFileURL } from "node:url";

/**
 * Python from a folder of Pyodide, with the JSON of stdin as its global `files`.
 *
 * What it raises ends the program with the error's own words.
 */
export async function pythonWithFiles(folder) {
  const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
  const input = [];
  for await (const piece of process.stdin) input.push(piece);
  const python = await loadPyodide();
  process.on("uncaughtException", (error) => {
    console.error(error.message); // without the line of Pyodide's code, which is a megabyte long
    process.exit(1);
  });
  python.globals.set("files", Buffer.concat(input).toString());
  return python;
}
