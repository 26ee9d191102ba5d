// Gives Excel the functions that functions.json names. Python answers them through the batcher.
import { batcher } from "./batch.mjs";

/**
 * @param {{ functions: { id: string, parameters: any[] }[] }} told what functions.json says
 * @param {(kind: string, payload: string) => Promise<string>} ask
 * @param {any} CF Excel's CustomFunctions
 * @param {{ patience?: number, epoch?: () => string }} [options]
 */
export function bind(told, ask, CF, options) {
  const batch = batcher(ask, CF, options);
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
 * @param {any} excel
 */
export async function dayZero(excel) {
  try {
    return await excel.run(async (/** @type {any} */ context) => {
      const day = context.workbook.functions.date(1904, 1, 2);
      day.load("value");
      await context.sync();
      return day.value === 1 ? "1904-01-01" : "1899-12-30";
    });
  } catch {
    return "1899-12-30"; // an Excel that cannot say: nearly every workbook counts from here
  }
}
