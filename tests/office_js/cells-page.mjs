// A page of the tests beside a built site: functions as Excel asks them, Python in its worker. It posts what it found.
// The query names the folder of the add-in's scripts, and which ways of starting are tried.
const asked = new URLSearchParams(location.search);
const app = `./${asked.get("app")}/`;
const { startPython } = await import(`${app}start.mjs`);
const { bind } = await import(`${app}functions.mjs`);

const found = { browser: navigator.userAgent, isolated: crossOriginIsolated };
const blocked = [];
addEventListener("securitypolicyviolation", (event) => blocked.push(`${event.violatedDirective} ${event.blockedURI}`));
let last = performance.now();
let longest = 0;
setInterval(() => {
  longest = Math.max(longest, performance.now() - last);
  last = performance.now();
}, 20);

const CF = {
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

const seconds = (since) => Math.round(performance.now() - since) / 1000;

/** Ten thousand cells of TAX.INTEREST on `days` different days. */
async function manyCells(days) {
  const due = [45689, 45778, 45870, 45962];
  const since = performance.now();
  const cells = Array.from({ length: Number(asked.get("cells")) }, (_, i) =>
    CF.known.INTEREST([["us-nj-colts-neck"]], [[100 + ((i * 7919) % 900000) / 100]], [[due[i % 4]]], [[45992 + (i % days)]], [[null]], [[null]], [[null]], {}),
  );
  const got = await Promise.all(cells);
  return { seconds: seconds(since), sum: Math.round(got.reduce((sum, [[v]]) => sum + v, 0) * 100) };
}

async function balances() {
  const { charges, receipts } = await (await fetch("./town.json")).json();
  const since = performance.now();
  const rows = await CF.known.BALANCES([["us-nj-colts-neck"]], charges, receipts, [[46006]], [[null]], [[null]], {});
  return { seconds: seconds(since), rows: rows.length };
}

try {
  const begun = performance.now();
  const python = startPython({ ways: asked.get("ways").split(",") });
  const { functions } = await (await fetch("./functions.json")).json();
  bind({ functions }, python, CF);
  const good = Object.entries(await (await fetch("./good.json")).json());
  const answers = await Promise.all(good.map(([id, given]) => CF.known[id](...given, {})));
  found.figures = Object.fromEntries(good.map(([id], n) => [id, answers[n]]));
  found.allFigures = seconds(begun);
  found.start = await python.ready;
  try {
    await CF.known.LEVY([[1]], [["two"]], {});
  } catch (error) {
    found.refused = error;
  }
  if (asked.get("cells")) {
    found.balances = await balances();
    found.day1 = await manyCells(1);
    found.days365 = await manyCells(365);
  }
} catch (error) {
  found.error = String(error?.message ?? error);
}
found.longestBlockMs = Math.round(longest);
found.blocked = blocked;
document.getElementById("said").textContent = JSON.stringify(found, null, 1);
await fetch("./found", { method: "POST", body: JSON.stringify(found) });
