// Gives Excel the functions that functions.json names. Python answers them through the batcher.
import { batcher } from "./batch.mjs";

/**
 * @param {{ functions: { id: string, parameters: any[] }[] }} told what functions.json says
 * @param {import("./batch.mjs").Asked} python see start.mjs
 * @param {any} CF Excel's CustomFunctions
 * @param {{ patience?: number, epoch?: () => Promise<string> }} [options]
 */
export function bind(told, python, CF, options) {
  const batch = batcher(python, CF, options);
  for (const { id, parameters } of told.functions) {
    CF.associate(id, (/** @type {any[]} */ ...given) => {
      // Excel hands what it knows about the call over behind the last argument.
      const invocation = given.length > parameters.length ? given.pop() : undefined;
      return batch.call(`TAX_${id}`, given, invocation);
    });
  }
  return batch;
}

/**
 * The day that date numbers of the open workbook count from. In a workbook of the 1904 system DATE(1904,1,2) is 1.
 * @param {any} office @param {any} excel @param {number} [patience] in milliseconds: no cell waits longer for this
 * @returns {Promise<string>}
 */
export async function dayZero(office, excel, patience = 5_000) {
  const usual = "1899-12-30"; // nearly every workbook counts from here, so an Excel that cannot say is no error
  const asked = (async () => {
    await office.onReady();
    return excel.run(async (/** @type {any} */ context) => {
      const day = context.workbook.functions.date(1904, 1, 2);
      day.load("value");
      await context.sync();
      return day.value === 1 ? "1904-01-01" : usual;
    });
  })();
  const late = new Promise((yes) => setTimeout(yes, patience, usual));
  return Promise.race([asked.catch(() => usual), late]);
}

/**
 * What the page does as soon as it is open: it gives Excel every function of functions.json.
 * @param {import("./batch.mjs").Asked} python @param {any} [host] holds Office, Excel and CustomFunctions
 */
export async function startFunctions(python, host = globalThis) {
  const day = dayZero(host.Office, host.Excel);
  const answer = await fetch(new URL("../functions.json", import.meta.url));
  if (!answer.ok) throw new Error(`functions.json could not be loaded: the server answered ${answer.status}.`);
  return bind(await answer.json(), python, host.CustomFunctions, { epoch: () => day });
}
