// node sizes.mjs SITE: the bytes that a browser loads before the first figure, by part and packed by brotli, and the rest.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const site = path.resolve(process.argv[2]);
const folder = (name) => path.join(site, fs.readdirSync(site).find((one) => one.startsWith(`${name}-`)));
const brotli = (bytes) =>
  zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 9, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 } }).length;
const read = (place, name) => fs.readFileSync(path.join(folder(place), name));
const unpacked = (name) => zlib.gunzipSync(read("snapshot", name));
const scripts = fs.readdirSync(folder("app")).map((name) => read("app", name));
const core = ["pyodide.mjs", "pyodide.asm.js"].map((name) => read("python", name));

const first = {
  "the heap with Python and xltax": brotli(unpacked("heap.bin")),
  "compiled libraries (numpy, pandas)": brotli(unpacked("libraries.bin")),
  "the interpreter (wasm)": brotli(read("python", "pyodide.asm.wasm")),
  "scripts": [...core, ...scripts].reduce((sum, bytes) => sum + brotli(bytes), 0),
  "the towns' law and rest of xltax": brotli(unpacked("files.bin")),
};
const gzip = (bytes) => zlib.gzipSync(bytes, { level: 9 }).length;
const packed = ["heap.bin", "libraries.bin", "files.bin"].reduce((sum, name) => sum + read("snapshot", name).length, 0);
const rest = [...core, ...scripts, read("python", "pyodide.asm.wasm")].reduce((sum, bytes) => sum + gzip(bytes), 0);
const wheels = fs.readdirSync(folder("python")).filter((name) => name.endsWith(".whl")).reduce((sum, name) => sum + read("python", name).length, 0);
process.stdout.write(JSON.stringify({ first, gzip: packed + rest, later: read("snapshot", "later.bin").length, wheels }));
