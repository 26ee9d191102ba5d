// Gathers the functions that Excel asks for, and answers them in a few entries into Python. Each call is a promise.
// Equal calls are made once, the calls of one function go together, and equal tables travel once.

/** How long a call may wait for its answer, in milliseconds. After that the cell shows #N/A instead of #BUSY! for ever. */
export const PATIENCE = 120_000;
const MOST = 20_000; // calls in one message to Python

/**
 * @typedef {{ name: string, key: string, args: any[], settle: { yes: (value: any) => void, no: (error: any) => void,
 *   gone: boolean }[], timer: any }} Call
 * @typedef {{ batches: number, calls: number, cancelled: number, late: number, askedOnce: number }} Counts
 */

/**
 * @param {(kind: string, payload: string) => Promise<string>} ask sends one message to Python
 * @param {any} CF Excel's CustomFunctions, or what stands in for it
 * @param {{ patience?: number, epoch?: () => string }} [options]
 */
export function batcher(ask, CF, { patience = PATIENCE, epoch = () => "1899-12-30" } = {}) {
  /** @type {Map<string, Call>} */
  let waiting = new Map();
  /** @type {Map<string, Call>} */
  const underWay = new Map();
  const counts = { batches: 0, calls: 0, cancelled: 0, late: 0, askedOnce: 0 };
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
      const wanted = now.filter((call) => call.settle.some((one) => !one.gone));
      if (wanted.length) await answerAll(wanted);
    } finally {
      busy = false;
      if (waiting.size) ring();
    }
  }

  /** @param {Call[]} wanted */
  async function answerAll(wanted) {
    counts.batches += 1;
    for (const call of wanted) underWay.set(call.key, call);
    try {
      const { payload, order } = message(wanted, epoch());
      const { answers } = JSON.parse(await ask("functions", payload));
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
    if (answer !== null && typeof answer === "object" && !Array.isArray(answer)) {
      fail(call, CF.ErrorCode.invalidValue, answer.error);
      return;
    }
    clearTimeout(call.timer);
    const rows = Array.isArray(answer) ? answer : [[answer]];
    for (const one of call.settle) if (!one.gone) one.yes(rows);
  }

  /** @param {Call} call @param {any} code @param {string} words */
  function fail(call, code, words) {
    clearTimeout(call.timer);
    for (const one of call.settle) if (!one.gone) one.no(new CF.Error(code, words));
  }

  /** @param {Call} call */
  function tooLate(call) {
    counts.late += 1;
    waiting.delete(call.key);
    underWay.delete(call.key);
    const seconds = Math.round(patience / 1000);
    fail(call, CF.ErrorCode.notAvailable, `xltax did not answer within ${seconds} seconds. Open the xltax pane. It says what is wrong. Then calculate again.`);
  }

  /**
   * One call as Excel makes it. @param {string} name @param {any[]} args @param {any} [invocation]
   * @returns {Promise<any[][]>}
   */
  function call(name, args, invocation) {
    counts.calls += 1;
    const plainly = args.map(plain);
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
        same.settle.push(one);
        return;
      }
      /** @type {Call} */
      const made = { name, key, args: plainly, settle: [one], timer: 0 };
      made.timer = setTimeout(tooLate, patience, made);
      waiting.set(key, made);
      ring();
    });
  }

  return { call, counts };
}

/**
 * The message for Python, and the calls in the order of its answers.
 * @param {Call[]} calls @param {string} epoch
 */
export function message(calls, epoch) {
  /** @type {Map<string, Call[]>} */
  const byName = new Map();
  for (const call of calls) {
    const group = byName.get(call.name);
    if (group) group.push(call);
    else byName.set(call.name, [call]);
  }
  /** @type {any[]} */
  const tables = [];
  /** @type {Map<string, number>} */
  const places = new Map();
  /** @param {any} value */
  const shared = (value) => {
    if (!Array.isArray(value)) return value;
    const text = JSON.stringify(value);
    let place = places.get(text);
    if (place === undefined) {
      place = tables.push(value) - 1;
      places.set(text, place);
    }
    return { table: place };
  };
  const order = [...byName.values()];
  const told = order.map((group) => ({ name: group[0].name, arguments: group.map((call) => call.args.map(shared)) }));
  return { payload: JSON.stringify({ epoch, tables, calls: told }), order };
}

/**
 * An argument as JSON has it: one cell as its value, an error as its text, and no blank rows or columns at the end.
 * @param {any} value @returns {any}
 */
export function plain(value) {
  if (!Array.isArray(value)) return one(value);
  let last = value.length;
  while (last > 1 && value[last - 1].every(empty)) last -= 1;
  const rows = value.slice(0, last).map((row) => row.map(one));
  return rows.length === 1 && rows[0].length === 1 && value.length === 1 ? rows[0][0] : rows;
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
