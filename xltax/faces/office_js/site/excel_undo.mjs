// What stands in the workbook where a task will write, so that all of it can be put back.
import { inBlocks, rangeOf } from "./excel_blocks.mjs";

export class Undo {
  /** @param {any} changes what Python answered */
  constructor(changes) {
    this.changes = changes;
    /** @type {any[]} */
    this.blocks = changes.blocks.map((/** @type {any} */ block) => ({ ...block }));
    /** Sheets whose protection must be lifted, with its options. @type {Map<string, any>} */
    this.locked = new Map();
    /** Where each table that changes its size is now. @type {Map<string, any>} */
    this.places = new Map();
    /** @type {Map<string, any>} */
    this.properties = new Map();
    this.mode = "Automatic";
  }

  /** @param {any} context */
  async read(context) {
    const { workbook } = context;
    for (const block of this.blocks) {
      const { sheet, top, left } = block;
      block.old = { sheet, top, left, height: block.rows.length, width: block.kinds.length, props: ["values", "formulas", "numberFormat"] };
    }
    workbook.application.load("calculationMode");
    const sheets = Object.keys(this.changes.locked).map((name) => {
      const { protection } = workbook.worksheets.getItem(name);
      protection.load("protected,options");
      return { name, protection };
    });
    for (const table of this.changes.tables) {
      const range = workbook.tables.getItem(table.name).getRange();
      range.load("rowIndex,columnIndex,rowCount");
      this.places.set(table.name, range);
    }
    for (const key of Object.keys(this.changes.properties)) {
      const one = workbook.properties.custom.getItemOrNullObject(`xltax ${key}`);
      one.load("value");
      this.properties.set(key, one);
    }
    await inBlocks(context, this.blocks.map((block) => block.old));
    await context.sync();
    this.mode = workbook.application.calculationMode;
    await this.#locks(context, sheets.filter(({ protection }) => protection.protected));
  }

  /** Which protected sheets have locked cells where something is written. @param {any} context @param {any[]} sheets */
  async #locks(context, sheets) {
    const asked = sheets.map(({ name, protection }) => {
      const ranges = this.blocks.filter((block) => block.sheet === name).map((block) => rangeOf(context, block.old));
      for (const range of ranges) range.load("format/protection/locked");
      return { name, protection, ranges };
    });
    await context.sync();
    for (const { name, protection, ranges } of asked) {
      const resized = this.changes.tables.some((/** @type {any} */ table) => table.sheet === name);
      if (resized || ranges.some((range) => range.format.protection.locked !== false)) this.locked.set(name, protection.options);
    }
  }

  /** Puts every cell back. @param {any} context @param {(context: any, table: any, last: number) => void} resize */
  async putBack(context, resize) {
    try {
      for (const table of this.changes.tables) {
        if (table.to > table.from) {
          const { sheet, left, right, from, to } = table;
          rangeOf(context, { sheet, left, top: from + 1, height: to - from, width: right - left + 1 }).clear("Contents");
        }
        resize(context, table, table.from);
      }
      await context.sync();
      await inBlocks(context, this.blocks.flatMap((block) => [
        { ...block.old, props: undefined, put: "numberFormat", data: block.old.numberFormat },
        { ...block.old, props: undefined, put: "formulas", data: again(block.old) },
      ]));
      for (const [key, one] of this.properties) if (!one.isNullObject) context.workbook.properties.custom.add(`xltax ${key}`, one.value);
      await context.sync();
    } catch (error) {
      const why = /** @type {any} */ (error)?.message ?? error;
      throw new Error(`Excel stopped in the middle of writing, and not everything could be put back (${why}). Close the workbook without saving, and open it again.`);
    }
  }
}

/** The formulas that restore cells. Text in a cell that is not formatted as text needs its apostrophe. @param {any} old */
function again(old) {
  return old.formulas.map((/** @type {any[]} */ row, /** @type {number} */ n) => row.map((formula, m) => {
    const value = old.values[n][m];
    const isText = typeof value === "string" && value !== "" && formula === value;
    return isText && (old.numberFormat[n][m] !== "@" || value.startsWith("'")) ? `'${value}` : formula;
  }));
}
