// Starts Python, in a worker or in node, and asks it. Two ways: from a memory snapshot, or from wheels.
import { layOut, restore } from "./restore.mjs";

/**
 * @typedef {"snapshot" | "wheels"} Way
 * @typedef {{ times: Record<string, any>, ask: (kind: string, payload: string) => Promise<string>, complete: () => Promise<void>,
 *   py: any }} Started
 */

const ANSWERS = /** @type {Record<string, string>} */ ({
  functions: "xltax.faces.office_js.calls",
  tasks: "xltax.faces.office_js.tasks",
});

/** How long after the start the files that no figure needed are laid out, in milliseconds. */
const REST = 3_000;

/**
 * @param {{ way: Way, parts: import("./fetching.mjs").Parts, python: string, indexURL?: string,
 *   get: (name: string) => Promise<Uint8Array> }} given
 * python: the address of Pyodide's folder. indexURL: the same as Pyodide wants it, which in node is a path.
 * @returns {Promise<Started>}
 */
export async function startPython({ way, parts, python, indexURL = python, get }) {
  refuseWithoutWebAssembly();
  const began = performance.now();
  /** @type {Record<string, any>} */
  const times = { way };
  const note = (/** @type {string} */ what) => {
    times[what] = Math.round(performance.now() - began) / 1000;
  };
  if (way === "snapshot" && !parts.snapshot) throw new Error("This copy of the add-in has no snapshot.");
  const { loadPyodide } = await import(`${python}pyodide.mjs`);
  const fast = way === "snapshot";
  const py = await (fast ? restore({ loadPyodide, python, indexURL, get, note }) : fromWheels(loadPyodide, indexURL, note));
  py.pyimport("xltax.faces.office_js.waking").woken();
  py.pyimport(ANSWERS.functions);
  note("ready");
  times.heapMB = Math.round(py._module.HEAP8.length / 2 ** 20);

  let isComplete = !fast;
  /** @type {Promise<void> | undefined} */
  let coming;
  /** Lays out the files that the heap does not need. They would keep the first figures waiting, so they come after them. */
  function complete() {
    coming ??= isComplete ? Promise.resolve() : get("later.bin").then((files) => {
      layOut(py.FS, files);
      py.runPython("import importlib; importlib.invalidate_caches()");
      isComplete = true;
    });
    return coming;
  }
  setTimeout(() => complete().catch(() => {}), REST); // whoever needs these files says what is wrong

  /** @param {string} kind @param {string} payload @returns {Promise<string>} */
  async function ask(kind, payload) {
    if (!(kind in ANSWERS)) throw new Error(`Python is not asked for "${kind}".`);
    if (kind !== "functions") await complete();
    try {
      return py.pyimport(ANSWERS[kind]).answer(payload);
    } catch (error) {
      if (isComplete) throw new Error(lastLine(error));
      await complete(); // a module that nothing in the snapshot had imported
      return ask(kind, payload);
    }
  }
  return { times, ask, complete, py };
}

/** @param {any} loadPyodide @param {string} indexURL @param {(what: string) => void} note */
async function fromWheels(loadPyodide, indexURL, note) {
  const py = await loadPyodide({ indexURL, lockFileURL: `${indexURL}pyodide-lock.json` });
  note("python");
  // Every wheel is held to its SHA-256 in the lock file.
  await py.loadPackage("xltax", { messageCallback() {}, errorCallback() {}, checkIntegrity: true });
  note("packages");
  if (!py.loadedPackages.xltax) throw new Error("A part of Python could not be loaded, or is not the file that was built.");
  return py;
}

/** A policy that forbids WebAssembly would make Pyodide wait for ever, without a word. */
function refuseWithoutWebAssembly() {
  try {
    new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  } catch (error) {
    const why = /** @type {any} */ (error)?.message;
    throw new Error(`This page may not run WebAssembly. The server's Content-Security-Policy must allow 'wasm-unsafe-eval' (${why}).`);
  }
}

/** The sentence at the end of Python's report. @param {any} error */
function lastLine(error) {
  return String(error?.message ?? error).trim().split("\n").pop() ?? "";
}
