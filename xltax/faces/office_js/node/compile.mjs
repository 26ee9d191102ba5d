// node compile.mjs FOLDER: compiles every wheel of the folder, and Python's own library, in place. The folder holds Pyodide.
import fs from "node:fs";
import path from "node:path";
import url from "node:url";
import "./telling.mjs";

const folder = path.resolve(process.argv[2]) + "/";
const here = path.dirname(url.fileURLToPath(import.meta.url));
const { loadPyodide } = await import(url.pathToFileURL(`${folder}pyodide.mjs`).href);
const py = await loadPyodide({ indexURL: folder, env: { PYTHONHASHSEED: "0" } });
py.FS.writeFile("/tmp/compiling.py", fs.readFileSync(`${here}/../compiling.py`));
py.runPython("import sys; sys.path.insert(0, '/tmp')");
const compiling = py.pyimport("compiling");
for (const name of fs.readdirSync(folder).sort()) {
  if (!name.endsWith(".whl") && name !== "python_stdlib.zip") continue;
  const given = py.toPy(new Uint8Array(fs.readFileSync(folder + name)));
  const made = compiling.compiled(py.globals.get("bytes")(given));
  fs.writeFileSync(folder + name, made.toJs());
  made.destroy();
  given.destroy();
}
process.exit(0);
