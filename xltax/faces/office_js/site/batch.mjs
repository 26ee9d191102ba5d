// Gathers the functions that Excel asks for, and answers them in a few entries into Python. Each call is a promise.
// Equal calls are made once, the calls of one function go together, and equal tables travel once.

/**
 * How long Python may work on one message, in milliseconds. After that the cells show #N/A instead of #BUSY! for ever,
 * and Python is started again. A slow start has limits of its own: see start.mjs.
 */
export const PATIENCE = 120_000;
const MOST = 20_000; // calls in one message to Python

/**
 * @typedef {{ yes: (value: any) => void, no: (error: any) => void, gone: boolean }} Asker
 * @typedef {{ name: string, key: string, args: any[], askers: Asker[] }} Call
 * A table among the arguments is {table: n}, for the text that the pool keeps at n.
 */

/**
 * @typedef {{ ready: Promise<any>, ask: (kind: string, payload: string) => Promise<string>, restart: () => any }} Asked
 * @param {Asked} python see start.mjs
 * @param {any} CF Excel's CustomFunctions, or what stands in for it
 * @param {{ patience?: number, epoch?: () => Promise<string> }} [options]
 */
export function batcher(python, CF, { patience = PATIENCE, epoch = async () => "1899-12-30" } = {}) {
  /** @type {Map<string, Call>} */
  let waiting = new Map();
  /** @type {Map<string, Call>} */
  const underWay = new Map();
  const counts = { batches: 0, calls: 0, cancelled: 0, late: 0, askedOnce: 0 };
  const pool = tablePool();
  let rung = false;
  let busy = false;
  // A message to ourselves, and not a timer: a window that nobody sees slows its timers down.
  const bell = new MessageChannel();
  bell.port1.onmessage = () => {
    rung = false;
    void send();
  };

  function ring() {
    if (rung || busy) return;
    rung = true;
    bell.port2.postMessage(0);
  }

  async function send() {
    if (busy) return;
    busy = true;
    try {
      const all = [...waiting.values()];
      const now = all.slice(0, MOST);
      waiting = new Map(all.slice(MOST).map((call) => [call.key, call]));
      const wanted = now.filter((call) => call.askers.some((one) => !one.gone));
      if (wanted.length) await answerAll(wanted);
    } finally {
      busy = false;
      if (waiting.size) ring();
      else pool.empty();
    }
  }

  /** @param {Call[]} wanted */
  async function answerAll(wanted) {
    counts.batches += 1;
    for (const call of wanted) underWay.set(call.key, call);
    try {
      const { payload, order } = message(wanted, await epoch(), pool);
      const { answers } = JSON.parse(await inTime(payload));
      order.forEach((calls, n) => calls.forEach((call, m) => finish(call, answers[n][m])));
    } catch (error) {
      const words = String(/** @type {any} */ (error)?.message ?? error).slice(0, 1000);
      for (const call of wanted) fail(call, CF.ErrorCode.notAvailable, words);
    } finally {
      for (const call of wanted) underWay.delete(call.key);
    }
  }

  /** @param {Call} call @param {any} answer */
  function finish(call, answer) {
    if (isWrong(answer)) {
      fail(call, CF.ErrorCode.invalidValue, answer.error);
      return;
    }
    const shown = (/** @type {any} */ cell) => (isWrong(cell) ? new CF.Error(CF.ErrorCode.invalidValue, cell.error) : cell);
    const rows = Array.isArray(answer) ? answer.map((row) => row.map(shown)) : [[answer]];
    for (const one of call.askers) if (!one.gone) one.yes(rows);
  }

  /** @param {Call} call @param {any} code @param {string} words */
  function fail(call, code, words) {
    for (const one of call.askers) if (!one.gone) one.no(new CF.Error(code, words));
  }

  /** Python's answer, if it comes in time. @param {string} payload @returns {Promise<string>} */
  async function inTime(payload) {
    await python.ready;
    let timer;
    const late = new Promise((_, no) => {
      const words = `xltax did not answer within ${Math.round(patience / 1000)} seconds and was started again. Calculate again, with fewer rows at a time.`;
      timer = setTimeout(() => {
        counts.late += 1;
        no(new Error(words));
        python.restart();
      }, patience);
    });
    try {
      return await Promise.race([python.ask("functions", payload), /** @type {Promise<never>} */ (late)]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * One call as Excel makes it. @param {string} name @param {any[]} args @param {any} [invocation]
   * @returns {Promise<any[][]>}
   */
  function call(name, args, invocation) {
    counts.calls += 1;
    const plainly = args.map((value) => pool.shared(plain(value)));
    const key = name + JSON.stringify(plainly);
    return new Promise((yes, no) => {
      const one = { yes, no, gone: false };
      if (invocation && typeof invocation === "object") {
        invocation.onCanceled = () => {
          if (!one.gone) counts.cancelled += 1;
          one.gone = true;
        };
      }
      const same = waiting.get(key) ?? underWay.get(key);
      if (same) {
        counts.askedOnce += 1;
        same.askers.push(one);
        return;
      }
      waiting.set(key, { name, key, args: plainly, askers: [one] });
      ring();
    });
  }

  return { call, counts };
}

/** Each different table of the waiting calls once, as JSON text: ten thousand cells often name the same range. */
export function tablePool() {
  /** @type {string[]} */
  let texts = [];
  /** @type {Map<string, number>} */
  let places = new Map();
  return {
    /** @param {any} value @returns {any} */
    shared(value) {
      if (!Array.isArray(value)) return value;
      const text = JSON.stringify(value);
      let place = places.get(text);
      if (place === undefined) {
        place = texts.push(text) - 1;
        places.set(text, place);
      }
      return { table: place };
    },
    /** @param {number} place */
    text: (place) => texts[place],
    empty() {
      texts = [];
      places = new Map();
    },
  };
}

/**
 * The message for Python, with only the tables that these calls name, and the calls in the order of its answers.
 * @param {Call[]} calls @param {string} epoch @param {ReturnType<typeof tablePool>} pool
 */
export function message(calls, epoch, pool) {
  /** @type {Map<string, typeof calls>} */
  const byName = new Map();
  for (const call of calls) {
    const group = byName.get(call.name);
    if (group) group.push(call);
    else byName.set(call.name, [call]);
  }
  const order = [...byName.values()];
  /** @type {Map<number, number>} */
  const placeOf = new Map();
  /** @param {any} value */
  const placed = (value) => {
    if (value === null || typeof value !== "object") return value;
    if (!placeOf.has(value.table)) placeOf.set(value.table, placeOf.size);
    return { table: placeOf.get(value.table) };
  };
  const told = order.map((group) => ({ name: group[0].name, arguments: group.map((call) => call.args.map(placed)) }));
  const tables = [...placeOf.keys()].map(pool.text).join(",");
  return { payload: `{"epoch":${JSON.stringify(epoch)},"tables":[${tables}],"calls":${JSON.stringify(told)}}`, order };
}

/** @param {any} answer a value, rows of values, or an error with its words */
function isWrong(answer) {
  return answer !== null && typeof answer === "object" && !Array.isArray(answer);
}

/**
 * An argument as JSON has it: one cell as its value, and an error as its text. A table, which has a header, goes without
 * the blank rows below it. A range that stands for many values keeps its size.
 * @param {any} value @returns {any}
 */
export function plain(value) {
  if (!Array.isArray(value)) return one(value);
  if (value.length === 1 && value[0].length === 1) return one(value[0][0]);
  let last = value.length;
  const isTable = value[0].length > 1 && value[0].every((/** @type {any} */ cell) => typeof cell === "string");
  while (isTable && last > 1 && value[last - 1].every(empty)) last -= 1;
  return value.slice(0, last).map((row) => row.map(one));
}

/** @param {any} value @returns {any} */
function one(value) {
  if (value === undefined) return null;
  if (value !== null && typeof value === "object") return errorText(value);
  return value;
}

/** What Excel hands over for an error cell is an object with the code "#N/A". @param {any} value */
function errorText(value) {
  const code = value.code ?? value.basicValue ?? value.errorType;
  return code === undefined ? String(value) : code;
}

/** @param {any} value */
function empty(value) {
  return value === null || value === undefined || value === "" || value === 0;
}
