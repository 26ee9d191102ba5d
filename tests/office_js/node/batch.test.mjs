// node --test batch.test.mjs: the batcher against a Python that only says what it was asked.
import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import url from "node:url";

// The batcher's bell, without a port that would keep node running.
globalThis.MessageChannel = class {
  port1 = { onmessage: null };
  port2 = { postMessage: () => setImmediate(() => this.port1.onmessage({})) };
};

const site = path.join(path.dirname(url.fileURLToPath(import.meta.url)), "../../../xltax/faces/office_js/site/");
const { bind, dayZero } = await import(url.pathToFileURL(`${site}functions.mjs`).href);
const { plain } = await import(url.pathToFileURL(`${site}batch.mjs`).href);
const { Python } = await import(url.pathToFileURL(`${site}start.mjs`).href);

/** Excel's CustomFunctions, as far as functions.mjs uses it. */
function customFunctions() {
  return {
    known: {},
    associate(id, call) {
      this.known[id] = call;
    },
    ErrorCode: { invalidValue: "#VALUE!", notAvailable: "#N/A" },
    Error: class {
      constructor(code, message) {
        Object.assign(this, { code, message });
      }
    },
  };
}

const TOLD = { functions: [{ id: "ADD", parameters: [{}, {}] }, { id: "TWICE", parameters: [{}] }] };

/** Two functions; `answer` gets each message and gives what Python would. */
function bound(answer, options) {
  const asked = [];
  const python = {
    ready: Promise.resolve(),
    restarts: 0,
    restart() {
      this.restarts += 1;
    },
    async ask(kind, payload) {
      assert.equal(kind, "functions");
      asked.push(JSON.parse(payload));
      return answer(JSON.parse(payload));
    },
  };
  const CF = customFunctions();
  const batch = bind(TOLD, python, CF, options);
  return { ...CF.known, asked, python, counts: batch.counts };
}

/** Adds and doubles, tables by the sum of their numbers. */
function calculates({ tables, calls }) {
  const number = (v) => (v?.table === undefined ? v : tables[v.table].flat().reduce((a, b) => a + b, 0));
  const one = { TAX_ADD: ([a, b]) => number(a) + number(b), TAX_TWICE: ([a]) => 2 * number(a) };
  return JSON.stringify({ answers: calls.map(({ name, arguments: given }) => given.map(one[name])) });
}

test("ten thousand calls made in one go are one message, and each gets its own answer", async () => {
  const { ADD, asked, counts } = bound(calculates);
  const got = await Promise.all(Array.from({ length: 10_000 }, (_, n) => ADD([[n]], [[1]], {})));
  assert.deepEqual(got.slice(0, 3), [[[1]], [[2]], [[3]]]);
  assert.equal(got[9_999][0][0], 10_000);
  assert.equal(asked.length, 1);
  assert.equal(counts.batches, 1);
});

test("equal calls are made once", async () => {
  const { ADD, asked, counts } = bound(calculates);
  const got = await Promise.all(Array.from({ length: 100 }, () => ADD([[1]], [[2]])));
  assert.ok(got.every(([[v]]) => v === 3));
  assert.equal(asked[0].calls[0].arguments.length, 1);
  assert.equal(counts.askedOnce, 99);
});

test("the calls of one function go together, those of another beside them", async () => {
  const { ADD, TWICE, asked } = bound(calculates);
  await Promise.all([ADD([[1]], [[2]]), TWICE([[4]]), ADD([[3]], [[4]])]);
  assert.deepEqual(asked[0].calls.map((c) => [c.name, c.arguments]), [["TAX_ADD", [[1, 2], [3, 4]]], ["TAX_TWICE", [[4]]]]);
});

test("equal tables travel once, and only with the message that needs them", async () => {
  const { ADD, asked } = bound(calculates);
  const table = () => [[1, 2], [3, 4]];
  const got = await Promise.all([0, 1, 2].map((n) => ADD(table(), [[n]])));
  assert.deepEqual(got, [[[10]], [[11]], [[12]]]);
  assert.deepEqual(asked[0].tables, [[[1, 2], [3, 4]]]);
  assert.deepEqual(await ADD([[5, 5]], [[1]]), [[11]]);
  assert.deepEqual(asked[1].tables, [[[5, 5]]]);
});

test("a cell that was cancelled is left out, and another cell with the same call is not", async () => {
  const { ADD, asked, counts } = bound(calculates);
  const [first, second] = [{}, {}];
  let settled = false;
  ADD([[2]], [[2]], first).finally(() => (settled = true));
  const other = ADD([[2]], [[2]], second);
  first.onCanceled();
  assert.deepEqual(await other, [[4]]);
  assert.equal(settled, false);
  assert.equal(counts.cancelled, 1);
  assert.equal(asked.length, 1);
});

test("a call that nobody waits for any more is not made", async () => {
  const { ADD, asked } = bound(calculates);
  const only = {};
  ADD([[9]], [[9]], only);
  only.onCanceled();
  await new Promise((yes) => setTimeout(yes, 20));
  assert.equal(asked.length, 0);
});

test("calls made while Python works go together in the next message", async () => {
  let first = true;
  const { ADD, asked } = bound(async (message) => {
    if (first) {
      first = false;
      await new Promise((yes) => setTimeout(yes, 40));
    }
    return calculates(message);
  });
  const one = ADD([[1]], [[1]]);
  await new Promise((yes) => setTimeout(yes, 10));
  const more = [2, 3, 4].map((n) => ADD([[n]], [[1]]));
  const same = ADD([[1]], [[1]]); // under way already
  assert.deepEqual(await Promise.all([one, ...more, same]), [[[2]], [[3]], [[4]], [[5]], [[2]]]);
  assert.equal(asked.length, 2);
  assert.equal(asked[1].calls[0].arguments.length, 3);
});

test("an answer with an error is #VALUE! with its words, also inside a range", async () => {
  const { ADD, TWICE } = bound(({ calls }) => JSON.stringify({
    answers: calls.map(({ name }) => [name === "TAX_ADD" ? { error: "amount: too high" } : [[1, { error: "row 2" }]]]),
  }));
  await assert.rejects(ADD([[1]], [[1]]), { code: "#VALUE!", message: "amount: too high" });
  const [[one, two]] = await TWICE([[1]]);
  assert.equal(one, 1);
  assert.deepEqual([two.code, two.message], ["#VALUE!", "row 2"]);
});

test("a Python that fails or never answers is #N/A with words, and is started again", async () => {
  const broken = bound(async () => {
    throw new Error("The worker died.");
  });
  await assert.rejects(broken.ADD([[1]], [[1]]), { code: "#N/A", message: "The worker died." });
  const stuck = bound(() => new Promise(() => {}), { patience: 30 });
  await assert.rejects(stuck.ADD([[1]], [[1]]), ({ code, message }) => code === "#N/A" && /did not answer/.test(message));
  assert.equal(stuck.python.restarts, 1);
});

test("errors, blank cells and blank rows as Excel hands them over", () => {
  assert.equal(plain([[7]]), 7);
  assert.equal(plain(undefined), null);
  assert.equal(plain([[{ code: "#N/A", message: "x" }]]), "#N/A");
  assert.equal(plain([[{ type: "Error", basicType: "Error", basicValue: "#DIV/0!" }]]), "#DIV/0!");
  assert.deepEqual(plain([["Bill", "Amount"], ["1", 2], [0, 0], [null, null]]), [["Bill", "Amount"], ["1", 2]]);
  assert.deepEqual(plain([["Bill", "Amount"], [0, 0], ["1", 2]]), [["Bill", "Amount"], [0, 0], ["1", 2]]);
  assert.deepEqual(plain([[1], [0], [0]]), [[1], [0], [0]], "a range of values keeps its size");
});

test("the workbook's own day 0 goes with the calls", async () => {
  const { ADD, asked } = bound(calculates, { epoch: async () => "1904-01-01" });
  await ADD([[1]], [[1]]);
  assert.equal(asked[0].epoch, "1904-01-01");
  const office = { onReady: async () => {} };
  const excel = (value) => ({
    run: (work) => work({ workbook: { functions: { date: () => ({ load() {}, value }) } }, sync: async () => {} }),
  });
  assert.equal(await dayZero(office, excel(1)), "1904-01-01");
  assert.equal(await dayZero(office, excel(1463)), "1899-12-30");
  assert.equal(await dayZero(office, { run: async () => assert.fail() }), "1899-12-30");
  assert.equal(await dayZero({ onReady: () => new Promise(() => {}) }, excel(1), 10), "1899-12-30");
});

/** A worker that does what it is told for each way of starting. */
function workers(does) {
  const made = [];
  class FakeWorker {
    constructor() {
      this.ended = false;
      made.push(this);
    }
    terminate() {
      this.ended = true;
    }
    postMessage({ id, kind, payload }) {
      const answer = does(kind, kind === "start" ? JSON.parse(payload).way : payload);
      if (answer) queueMicrotask(() => this.ended || this.onmessage({ data: { id, ...answer } }));
    }
  }
  return { make: () => new FakeWorker(), made };
}

const STARTS = { payload: JSON.stringify({ ready: 1 }) };

test("a snapshot that does not restore makes way for the wheels, in a new worker", async () => {
  const { make, made } = workers((kind, what) => (kind !== "start" ? { payload: `${kind} ${what}` } : what === "snapshot" ? { error: "does not fit" } : STARTS));
  const python = new Python(make);
  const ready = await python.ready;
  assert.deepEqual([ready.way, ready.failed], ["wheels", ["does not fit"]]);
  assert.deepEqual(made.map((w) => w.ended), [true, false]);
  assert.equal(await python.ask("functions", "x"), "functions x");
});

test("a start that hangs is told after its limit", async () => {
  const { make, made } = workers(() => null);
  const python = new Python(make, { limits: { snapshot: 20, wheels: 20 } });
  await assert.rejects(python.ask("functions", "x"), /xltax could not start.*did not start within/);
  assert.ok(made.every((w) => w.ended));
});

test("a restart fails what was open, and answers again", async () => {
  let answers = false;
  const { make } = workers((kind) => (kind === "start" ? STARTS : answers ? { payload: "yes" } : null));
  const python = new Python(make);
  await python.ready;
  const open = python.ask("tasks", "x");
  await new Promise((yes) => setTimeout(yes, 5));
  python.restart();
  await assert.rejects(open, /stopped/);
  answers = true;
  assert.equal(await python.ask("tasks", "x"), "yes");
});
