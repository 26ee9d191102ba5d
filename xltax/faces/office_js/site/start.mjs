// Starts Python in a worker and asks it. The memory snapshot comes first. If it does not restore, a new worker starts
// Python from its wheels. A start that hangs or fails is told in words.

/** How long each way may take, in milliseconds. The wheels are a slow download on a slow line. */
export const LIMITS = { snapshot: 60_000, wheels: 180_000 };

/**
 * @typedef {"snapshot" | "wheels"} Way
 * @typedef {{ way: Way, times: Record<string, any>, failed: string[] }} Ready
 */

export class Python {
  /** @param {() => Worker} makeWorker @param {{ limits?: Record<Way, number>, ways?: Way[] }} [options] */
  constructor(makeWorker, { limits = LIMITS, ways = ["snapshot", "wheels"] } = {}) {
    this.makeWorker = makeWorker;
    this.limits = limits;
    this.ways = ways;
    /** @type {Worker | undefined} */
    this.worker = undefined;
    /** @type {Map<number, { yes: (payload: string) => void, no: (error: Error) => void }>} */
    this.open = new Map();
    this.last = 0;
    /** @type {Promise<Ready>} */
    this.ready = this.#start();
    this.ready.catch(() => {}); // each call says it
  }

  /** One message to Python, once it has started. @param {string} kind @param {string} payload @returns {Promise<string>} */
  async ask(kind, payload) {
    await this.ready;
    return this.#send(kind, payload);
  }

  /** Ends Python and starts it again: the cure for one that is stuck, and for a task that must stop. */
  restart() {
    this.#end("Python was stopped and started again. Calculate again.");
    this.ready = this.#start();
    this.ready.catch(() => {});
    return this.ready;
  }

  /** @returns {Promise<Ready>} */
  async #start() {
    const failed = [];
    for (const way of this.ways) {
      try {
        return { way, times: await this.#try(way), failed };
      } catch (error) {
        failed.push(String(/** @type {any} */ (error)?.message ?? error));
        this.#end(failed[failed.length - 1]);
      }
    }
    throw new Error(`xltax could not start. ${[...new Set(failed)].join(" ")}`);
  }

  /** @param {Way} way */
  async #try(way) {
    this.worker = this.makeWorker();
    this.worker.onmessage = ({ data }) => this.#answered(data);
    this.worker.onerror = (event) => this.#end(event.message || "The worker that holds Python could not be loaded.");
    const limit = this.limits[way];
    let timer;
    const late = new Promise((_, no) => {
      const words = `Python did not start within ${Math.round(limit / 1000)} seconds. The page's security policy must allow 'wasm-unsafe-eval', and the computer needs about 500 MB of free memory.`;
      timer = setTimeout(() => no(new Error(words)), limit);
    });
    try {
      return JSON.parse(await Promise.race([this.#send("start", JSON.stringify({ way })), /** @type {Promise<never>} */ (late)]));
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {string} kind @param {string} payload @returns {Promise<string>} */
  #send(kind, payload) {
    const { worker } = this;
    if (!worker) return Promise.reject(new Error("Python is not running. Open the xltax pane to start it again."));
    this.last += 1;
    const id = this.last;
    return new Promise((yes, no) => {
      this.open.set(id, { yes, no });
      worker.postMessage({ id, kind, payload });
    });
  }

  /** @param {{ id: number, payload?: string, error?: string }} answer */
  #answered({ id, payload, error }) {
    const asked = this.open.get(id);
    this.open.delete(id);
    if (!asked) return;
    if (error === undefined) asked.yes(/** @type {string} */ (payload));
    else asked.no(new Error(error));
  }

  /** @param {string} words */
  #end(words) {
    this.worker?.terminate();
    this.worker = undefined;
    for (const { no } of this.open.values()) no(new Error(words));
    this.open.clear();
  }
}

/** Python in this page's own worker. @param {{ limits?: Record<Way, number>, ways?: Way[] }} [options] */
export function startPython(options) {
  return new Python(() => new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" }), options);
}
