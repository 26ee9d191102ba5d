// node suite.mjs SITE WHEELS REPO tests/law ...: a part of xltax's own tests inside the Python that came out of the snapshot.
import fs from "node:fs";
import path from "node:path";
import { startIn } from "./python.mjs";

const [site, wheels, repo, ...tests] = process.argv.slice(2);
const { py, complete } = await startIn(site, "snapshot");
await complete();
py.FS.mkdirTree("/home/pyodide/suite");
for (const name of fs.readdirSync(wheels).filter((one) => one.endsWith(".whl"))) {
  py.unpackArchive(new Uint8Array(fs.readFileSync(path.join(wheels, name))), "wheel", { extractDir: "/home/pyodide/suite" });
}
py.FS.mkdirTree("/repo");
py.FS.mount(py.FS.filesystems.NODEFS, { root: path.resolve(repo) }, "/repo");
py.FS.writeFile("/home/pyodide/pytest.ini", "[pytest]\nmarkers = calc: needs Calc\n");
py.setStdout({ batched: (line) => console.log(line) });
py.globals.set("TESTS", py.toPy(tests));
const ended = py.runPython(`
import importlib, os, sys
importlib.invalidate_caches()
sys.dont_write_bytecode = True
os.environ["CI"] = "true"
# At the end of the path: the tests get the xltax of the add-in, and only themselves from the repository.
sys.path += ["/home/pyodide/suite", "/repo"]
os.chdir("/repo")
import pytest
int(pytest.main(["-q", "-p", "no:cacheprovider", "-c", "/home/pyodide/pytest.ini", "--rootdir=/repo", "--noconftest", "--no-header", "-W", "ignore", "--tb=line", *TESTS]))
`);
process.exit(ended);
