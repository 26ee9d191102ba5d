// Puts a memory snapshot of Python back, into an unmodified Pyodide. The snapshot is the heap of a Python that has
// imported everything and calculated once. Its extension modules must lie where they lay: the heap holds, in the handle
// of each, its place in the memory and in the function table. So, between the module's creation and Pyodide's own
// restoring: the heap is set, and each library is loaded at the places that its handle names. Pyodide then sets the heap
// once more, over the initial data that loading the libraries has written.

/**
 * @typedef {{ path: string, handle: number, tableBase: number, at: number, size: number }} Library
 */

/** A bundle is a length, an index as JSON, and the bytes the index points to. @param {Uint8Array} bundle */
export function unbundle(bundle) {
  const length = new DataView(bundle.buffer, bundle.byteOffset, 4).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(bundle.subarray(4, 4 + length)));
  return { index, bytes: bundle.subarray(4 + length) };
}

/** Writes the files of a bundle. They are not copied. @param {any} FS @param {Uint8Array} bundle */
export function layOut(FS, bundle) {
  const { index, bytes } = unbundle(bundle);
  const made = new Set();
  for (const [path, at, size] of index) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(folder)) FS.mkdirTree(folder);
    made.add(folder);
    FS.writeFile(path, bytes.subarray(at, at + size), { canOwn: true });
  }
}

/**
 * @param {{ loadPyodide: any, python: string, indexURL: string, get: (name: string) => Promise<Uint8Array>,
 *   note: (what: string) => void }} given
 */
export async function restore({ loadPyodide, python, indexURL, get, note }) {
  const parts = Promise.all(["heap.bin", "libraries.bin", "files.bin"].map(get));
  parts.catch(() => {}); // it is awaited below, after Pyodide has begun
  const ended = prepareModule(async (/** @type {any} */ module) => {
    const [heap, libraries, files] = await parts;
    note("fetched");
    setHeap(module, heap);
    layOut(module.FS, files);
    await loadLibraries(module, libraries, note);
  });
  try {
    const heap = parts.then(([bytes]) => bytes);
    const [py] = await Promise.all([
      loadPyodide({
        indexURL,
        lockFileURL: `${indexURL}pyodide-lock.json`,
        stdLibURL: `${indexURL}empty.zip`, // what of the library is not in the heap comes later: see python.mjs
        _loadSnapshot: heap,
        env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" },
      }),
      heap,
    ]);
    note("python");
    return py;
  } finally {
    ended();
  }
}

/**
 * Has `prepare` run on Pyodide's module as soon as it is made. Pyodide's script puts the maker of the module into the
 * global object, where we stand between. Gives what undoes this.
 * @param {(module: any) => Promise<void>} prepare
 */
function prepareModule(prepare) {
  /** @type {any} */
  let make = /** @type {any} */ (globalThis)._createPyodideModule;
  const between = async (/** @type {any} */ settings) => {
    const module = await make(settings);
    await prepare(module);
    return module;
  };
  Object.defineProperty(globalThis, "_createPyodideModule", {
    configurable: true,
    get: () => make && between,
    set: (value) => {
      make = value;
    },
  });
  return () => Object.defineProperty(globalThis, "_createPyodideModule", { configurable: true, writable: true, value: make });
}

/** @param {any} module @param {Uint8Array} heap */
function setHeap(module, heap) {
  const [, start] = new Uint32Array(heap.buffer, heap.byteOffset, 2);
  module.HEAP8.set(heap.subarray(start));
}

/** @param {any} module @param {Uint8Array} bundle @param {(what: string) => void} note */
async function loadLibraries(module, bundle, note) {
  const { index, bytes } = unbundle(bundle);
  /** @type {Library[]} */
  const libraries = index;
  const bytesOf = (/** @type {Library} */ one) => /** @type {Uint8Array<ArrayBuffer>} */ (bytes.subarray(one.at, one.at + one.size));
  const compiled = await Promise.all(libraries.map((one) => WebAssembly.compile(bytesOf(one))));
  note("compiled");
  for (const [n, one] of libraries.entries()) {
    // A browser has entries of its own in the table. The snapshot left gaps for them.
    if (module.wasmTable.length > one.tableBase) {
      throw new Error(`The snapshot does not fit this browser: the place of ${one.path} is taken.`);
    }
    const library = module.newDSO(one.path, one.handle, "loading");
    library.refcount = Infinity;
    library.global = false;
    const options = { loadAsync: true, nodelete: true, global: false };
    library.exports = await module.loadWebAssemblyModule(compiled[n], options, one.path, {}, one.handle);
  }
  note("libraries");
}
