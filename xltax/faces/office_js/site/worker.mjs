// The worker that holds Python. The page sends {id, kind, payload}, where payload is JSON text. The worker answers
// {id, payload} or {id, error}. The first message has the kind "start"; its payload says which way Python starts.
import { startPython } from "./python.mjs";
import { fetchPart } from "./fetching.mjs";

/** @type {Promise<import("./python.mjs").Started> | undefined} */
let started;

/** @param {string} kind @param {string} payload @returns {Promise<string>} */
async function answer(kind, payload) {
  if (kind === "start") {
    const here = new URL("./parts.json", import.meta.url);
    const parts = await (await fetch(here)).json();
    const python = new URL(parts.python, here).href;
    started = startPython({ ...JSON.parse(payload), parts, python, get: (name) => fetchPart(here, parts, name) });
    return JSON.stringify((await started).times);
  }
  if (!started) throw new Error("Python has not been started.");
  return (await started).ask(kind, payload);
}

onmessage = async ({ data: { id, kind, payload } }) => {
  try {
    postMessage({ id, payload: await answer(kind, payload) });
  } catch (error) {
    postMessage({ id, error: String(/** @type {any} */ (error)?.message ?? error) });
  }
};
