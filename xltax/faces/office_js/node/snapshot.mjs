// node snapshot.mjs FOLDER OUT: the memory snapshot of a Python that has loaded xltax, for restore.mjs. FOLDER holds
// Pyodide and the compiled wheels. The same folder gives the same snapshot: chance and the clock stand still.
import { webcrypto } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import url from "node:url";
import zlib from "node:zlib";
import "./telling.mjs";

const [folder, out] = process.argv.slice(2, 4).map((name) => path.resolve(name) + "/");
const SITE = "/lib/python3.12/site-packages/";
const GAP_BEFORE_ALL = 4096; // entries that a browser may have of its own in the function table, before the first library
const GAP_BEFORE_EACH = 128; // and before each of the others
const NOON = Date.UTC(2026, 0, 1, 12);

standStill();
const { loadPyodide } = await import(url.pathToFileURL(`${folder}pyodide.mjs`).href);
const py = await loadPyodide({ indexURL: folder, _makeSnapshot: true, env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" } });
const module = py._module;
const files = unpackWheels();
const libraries = await load();
write("heap.bin", py.makeMemorySnapshot({ serializer: () => null }));
write("libraries.bin", bundle(...libraryIndex()));
const loaded = new Set(py.runPython("import sys; [getattr(m, '__file__', None) or '' for m in list(sys.modules.values())]").toJs());
const now = files.filter(([name]) => belongsToXltax(name) && !loaded.has(SITE + name));
const chosen = new Set(now.map(([name]) => name));
const later = files.filter(([name]) => !chosen.has(name) && !libraries.has(name));
write("files.bin", bundle(...fileIndex(now.map(([name, bytes]) => [SITE + name, bytes]))));
write("later.bin", bundle(...fileIndex([
  ...later.map(([name, bytes]) => [SITE + name, bytes]),
  ["/lib/python312.zip", fs.readFileSync(`${folder}python_stdlib.zip`)],
])));
process.exit(0);

/** Chance and the clock stand still, so that the heap has the same bytes each time. */
function standStill() {
  globalThis.crypto ??= webcrypto; // node 18 has it only here
  crypto.getRandomValues = (array) => array.fill(7);
  Date.now = () => NOON;
  performance.now = () => 1000;
  process.env.TZ = "UTC";
}

/** The files of all wheels lie where Python looks for them. An extension module is empty: see load(). */
function unpackWheels() {
  const found = [];
  for (const wheel of fs.readdirSync(folder).filter((name) => name.endsWith(".whl")).sort()) {
    for (const [name, bytes] of unzip(fs.readFileSync(folder + wheel))) found.push([name, bytes]);
  }
  for (const [name, bytes] of found) {
    py.FS.mkdirTree(path.posix.dirname(SITE + name));
    py.FS.writeFile(SITE + name, name.endsWith(".so") ? new Uint8Array(0) : bytes);
  }
  return found;
}

/** Loads xltax and calculates. C's dlopen takes the bytes of a library through locateFile, and keeps no copy in the heap. */
async function load() {
  const bytesOf = new Map(files.filter(([name]) => name.endsWith(".so")));
  const scratch = fs.mkdtempSync(path.join(out, "so-"));
  module.locateFile = (asked) => {
    module.wasmTable.grow(GAP_BEFORE_EACH);
    const name = asked.slice(SITE.length);
    const place = path.join(scratch, name.replaceAll("/", "_"));
    fs.writeFileSync(place, bytesOf.get(name));
    return place;
  };
  module.wasmTable.grow(GAP_BEFORE_ALL);
  const said = py.runPython("import importlib; importlib.invalidate_caches(); from xltax.faces.office_js import warming; warming.warm()");
  if (JSON.parse(said).answers.length < 5) throw new Error(`The first calculations failed: ${said}`);
  py.runPython("import gc; gc.collect()");
  fs.rmSync(scratch, { recursive: true });
  return bytesOf;
}

/** Where each loaded library lies, from its handle in the heap, and its bytes. */
function libraryIndex() {
  const found = Object.entries(module.LDSO.loadedLibsByHandle)
    .filter(([handle, one]) => Number(handle) && one.name.endsWith(".so"))
    .map(([handle, one]) => ({ path: one.name, handle: Number(handle), tableBase: module.HEAPU32[(Number(handle) + 20) >>> 2] }))
    .sort((a, b) => a.tableBase - b.tableBase);
  let at = 0;
  const parts = found.map((one) => libraries.get(one.path.slice(SITE.length)));
  const index = found.map((one, n) => {
    const told = { ...one, at, size: parts[n].length };
    at += parts[n].length;
    return told;
  });
  return [index, parts];
}

function belongsToXltax(name) {
  return (name.startsWith("xltax/") || name.startsWith("xltax-")) && !name.endsWith(".so");
}

function fileIndex(some) {
  let at = 0;
  const index = some.map(([name, bytes]) => [name, (at += bytes.length) - bytes.length, bytes.length]);
  return [index, some.map(([, bytes]) => bytes)];
}

/** A length, an index as JSON, and the bytes: see unbundle in restore.mjs. */
function bundle(index, parts) {
  const text = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, ...parts]);
}

function write(name, bytes) {
  fs.writeFileSync(out + name, zlib.gzipSync(bytes, { level: 9 }));
}

/** The files of a zip archive without encryption: [[name, bytes], ...]. */
function unzip(archive) {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.length);
  let end = archive.length - 22;
  while (view.getUint32(end, true) !== 0x06054b50) end -= 1;
  const found = [];
  let entry = view.getUint32(end + 16, true);
  for (let n = view.getUint16(end + 10, true); n > 0; n -= 1) {
    const method = view.getUint16(entry + 10, true);
    const size = view.getUint32(entry + 20, true);
    const nameLength = view.getUint16(entry + 28, true);
    const name = archive.subarray(entry + 46, entry + 46 + nameLength).toString();
    const header = view.getUint32(entry + 42, true);
    const from = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    const packed = archive.subarray(from, from + size);
    if (!name.endsWith("/")) found.push([name, new Uint8Array(method === 8 ? zlib.inflateRawSync(packed) : packed)]);
    entry += 46 + nameLength + view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true);
  }
  return found;
}
