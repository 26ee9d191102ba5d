// Copies the open workbook for Python, and writes what Python changed: everything, or nothing.
// Nothing here knows tables of taxes. Places are counted from 1, as people count rows.
import { inBlocks, letters, showsDates } from "./excel_blocks.mjs";
import { Undo } from "./excel_undo.mjs";

/** Tables with more cells than this are handed over only when a task asks for them. */
export const SMALL = 5_000;
const LONGEST_FORM = 2_000; // rows between the first and last named cell of a column that are still read in one block

/**
 * @typedef {{ sheet: string, row: number, column: number }} Place
 * @typedef {{ table: string, dates: number[] }} Wanted
 */

/** Something that the collector has to read: the workbook is unchanged. */
export class Refused extends Error {}

export class ExcelBook {
  /** @param {any} excel Excel, or what stands in for it  @param {(set: string, version: string) => boolean} supports */
  constructor(excel, supports = () => false) {
    this.excel = excel;
    this.supports = supports;
  }

  /**
   * The workbook as Python takes it: every named cell, every small table, and the large tables that are wanted.
   * @param {Wanted[]} [wanted] @returns {Promise<any>}
   */
  copy(wanted = []) {
    return this.excel.run({ delayForCellEdit: true }, (/** @type {any} */ context) => copyOf(context, wanted));
  }

  /**
   * Writes a task's changes. After an error, values, formulas and formats are as before.
   * @param {any} changes what Python answered  @param {any} copy the copy that Python had
   */
  async write(changes, copy) {
    if (!changes.blocks.length && !changes.tables.length && !Object.keys(changes.properties).length) return;
    const undo = await this.excel.run({ delayForCellEdit: true }, (/** @type {any} */ context) => {
      return before(context, changes, copy);
    });
    const options = { delayForCellEdit: true, mergeUndoGroup: false };
    // Excel refuses one entry of Undo for a step that lifts a protection.
    options.mergeUndoGroup = this.supports("ExcelApi", "1.20") && !undo.locked.size && !Object.keys(changes.properties).length;
    await this.excel.run(options, (/** @type {any} */ context) => writeAll(context, changes, undo));
  }

  /** What stands in named cells, as Excel shows it. @param {string[]} names @returns {Promise<Record<string, any>>} */
  cells(names) {
    return this.excel.run(async (/** @type {any} */ context) => {
      const items = names.map((name) => context.workbook.names.getItemOrNullObject(name));
      const ranges = items.map((item) => item.getRangeOrNullObject());
      for (const range of ranges) range.load("address,text");
      await context.sync();
      /** @type {Record<string, any>} */
      const out = {};
      names.forEach((name, n) => {
        if (!ranges[n].isNullObject) out[name] = { address: ranges[n].address, text: ranges[n].text[0][0] };
      });
      return out;
    });
  }

  /** Selects a cell: by its address, such as 'Cash Book'!C8, or its place. @param {string | Place} place */
  select(place) {
    const [sheet, cell] = typeof place === "string" ? parts(place) : [place.sheet, letters(place.column) + place.row];
    return this.excel.run(async (/** @type {any} */ context) => {
      const one = context.workbook.worksheets.getItem(sheet);
      one.activate();
      one.getRange(cell).select();
      await context.sync();
    });
  }

  /** Calculates the selected cell once more, so that its function says again what is wrong. */
  calculateSelected() {
    return this.excel.run(async (/** @type {any} */ context) => {
      const cell = context.workbook.getActiveCell();
      cell.load("address,formulas");
      await context.sync();
      const [[formula]] = cell.formulas;
      if (typeof formula === "string" && formula.startsWith("=")) {
        cell.formulas = [[formula]];
        await context.sync();
      }
      return { address: cell.address, formula };
    });
  }

  /** Calls back when cells change. @param {() => void} call */
  onChanged(call) {
    return this.excel.run(async (/** @type {any} */ context) => {
      context.workbook.worksheets.onChanged.add(async () => call());
      await context.sync();
    });
  }
}

/** @param {string} address @returns {[string, string]} */
function parts(address) {
  const at = address.lastIndexOf("!");
  return [address.slice(0, at).replace(/^'|'$/g, "").replaceAll("''", "'"), address.slice(at + 1)];
}

// ---- the copy -------------------------------------------------------------------------------------------------------

/** @param {any} context @param {Wanted[]} wanted */
async function copyOf(context, wanted) {
  const { workbook } = context;
  const { tables, names, properties } = workbook;
  workbook.load("name");
  tables.load("items/name,items/showHeaders,items/showTotals,items/worksheet/name");
  names.load("items/name,items/formula");
  properties.custom.load("items/key,items/value");
  const day = workbook.functions.date(1904, 1, 2); // 1 in a workbook of the 1904 date system
  day.load("value");
  await context.sync();
  const found = tables.items.map((/** @type {any} */ table) => placed(table));
  const used = usedRanges(workbook, found);
  const cells = namedCells(names.items);
  const forms = blocksOf(cells).map((block) => ({ ...block, props: ["values", "numberFormat"] }));
  await context.sync();
  for (const one of found) settle(one, used);
  const reads = [...forms, ...found.flatMap((/** @type {any} */ one) => readsOf(one, wanted))];
  await inBlocks(context, reads);
  await inBlocks(context, found.flatMap((/** @type {any} */ one) => formatsOf(one, wanted)));
  return {
    name: workbook.name,
    date1904: day.value === 1,
    properties: Object.fromEntries(
      properties.custom.items
        .filter((/** @type {any} */ one) => one.key.startsWith("xltax "))
        .map((/** @type {any} */ one) => [one.key.slice(6), String(one.value)]),
    ),
    tables: Object.fromEntries(found.map((/** @type {any} */ one) => [one.table.name, told(one)])),
    names: Object.fromEntries(namesTold(cells, forms)),
  };
}

/** @param {any} table */
function placed(table) {
  const range = table.getRange();
  range.load("rowIndex,columnIndex,rowCount,columnCount");
  const header = table.showHeaders ? table.getHeaderRowRange() : undefined;
  header?.load("values");
  return { table, range, header, sheet: table.worksheet.name };
}

/** The last row that each sheet with a table uses. @param {any} workbook @param {any[]} found */
function usedRanges(workbook, found) {
  const used = new Map();
  for (const { sheet } of found) {
    if (used.has(sheet)) continue;
    const range = workbook.worksheets.getItem(sheet).getUsedRangeOrNullObject(true);
    range.load("rowIndex,rowCount");
    used.set(sheet, range);
  }
  return used;
}

/** @param {any} one @param {Map<string, any>} used */
function settle(one, used) {
  const { rowIndex, columnIndex, rowCount, columnCount } = one.range;
  const range = used.get(one.sheet);
  Object.assign(one, { left: columnIndex + 1, top: rowIndex + 1, width: columnCount, bottom: rowIndex + rowCount });
  one.last = one.bottom - (one.table.showTotals ? 1 : 0);
  one.height = one.last - one.top;
  one.lastUsed = range.isNullObject ? 0 : range.rowIndex + range.rowCount;
}

/** The blocks of a table that are read: its rows, the formulas of its last row, and what is below. @param {any} one @param {Wanted[]} wanted */
function readsOf(one, wanted) {
  if (!one.header) return [];
  const { sheet, left, width, top, height, last, bottom } = one;
  const small = height * width <= SMALL;
  one.formulas = { sheet, top: last, left, height: 1, width, props: ["formulas", "values"] };
  const reads = [one.formulas];
  if (small || wanted.some((each) => each.table === one.table.name)) {
    one.rows = { sheet, top: top + 1, left, height, width, props: small ? ["values", "numberFormat"] : ["values"] };
    reads.push(one.rows);
  }
  if (one.lastUsed > bottom) {
    one.below = { sheet, top: bottom + 1, left, height: one.lastUsed - bottom, width, props: ["formulas"] };
    reads.push(one.below);
  }
  return reads;
}

/**
 * The number formats of a large table, for the columns where a number may be a date: those that should hold dates, and
 * those with whole numbers from 1927 to 2173.
 * @param {any} one @param {Wanted[]} wanted
 */
function formatsOf(one, wanted) {
  if (!one.rows || one.rows.numberFormat) return [];
  const { values } = one.rows;
  const dates = wanted.find((each) => each.table === one.table.name)?.dates ?? [];
  one.formats = {};
  for (let n = 0; n < one.width; n += 1) {
    const maybe = (/** @type {any[]} */ row) => Number.isInteger(row[n]) && row[n] >= 10_000 && row[n] <= 99_999;
    if (!dates.includes(n) && !values.some(maybe)) continue;
    one.formats[n] = { ...one.rows, left: one.left + n, width: 1, props: ["numberFormat"] };
  }
  return Object.values(one.formats);
}

/** A table as Python takes it. @param {any} one */
function told(one) {
  const out = { sheet: one.sheet, left: one.left, top: one.top, bottom: one.bottom, totals: one.table.showTotals };
  if (!one.header) return { ...out, headers: null };
  const [last] = one.formulas.formulas;
  const shown = one.formulas.values[0];
  const formulas = last.flatMap((/** @type {any} */ f, /** @type {number} */ n) => (isFormula(f, shown[n]) ? [n] : []));
  const told = { ...out, headers: one.header.values[0], formulas, below: firstFilled(one.below) };
  if (!one.rows) return told;
  /** @type {Record<string, any[]>} */
  const formats = {};
  for (let n = 0; n < one.width; n += 1) {
    const codes = one.formats ? one.formats[n]?.numberFormat.map((/** @type {any[]} */ row) => row[0]) : one.rows.numberFormat.map((/** @type {any[]} */ row) => row[n]);
    if (codes) formats[n] = runs(codes);
  }
  return { ...told, rows: one.rows.values, formats };
}

/** A text that begins with = is no formula: Excel gives it as the value too. @param {any} formula @param {any} value */
export function isFormula(formula, value) {
  return typeof formula === "string" && formula.startsWith("=") && formula !== value;
}

/** @param {any} below @returns {[number, number] | null} */
function firstFilled(below) {
  for (const [n, row] of (below?.formulas ?? []).entries()) {
    const m = row.findIndex((/** @type {any} */ cell) => cell !== "");
    if (m >= 0) return [below.top + n, below.left + m];
  }
  return null;
}

/** Equal values in a row, each with their number. @param {string[]} codes */
function runs(codes) {
  /** @type {[string, number][]} */
  const out = [];
  for (const code of codes) {
    const last = out[out.length - 1];
    if (last && last[0] === code) last[1] += 1;
    else out.push([code, 1]);
  }
  return out;
}

/** The names that mean one cell. @param {any[]} items */
function namedCells(items) {
  const one = /^=(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]+)\$?(\d+)$/;
  return items.flatMap(({ name, formula }) => {
    const match = one.exec(formula);
    if (!match) return [];
    const column = [...match[3]].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
    return [{ name, sheet: (match[1] ?? match[2]).replaceAll("''", "'"), row: Number(match[4]), column }];
  });
}

/** Named cells of one column are read in one block: a form has them below each other. @param {ReturnType<typeof namedCells>} cells */
function blocksOf(cells) {
  /** @type {Map<string, any>} */
  const columns = new Map();
  for (const { sheet, row, column } of [...cells].sort((a, b) => a.row - b.row)) {
    const key = `${sheet}!${column}`;
    const block = columns.get(key);
    if (block && row - block.top < LONGEST_FORM) block.height = row - block.top + 1;
    else columns.set(block ? `${key}!${row}` : key, { sheet, left: column, width: 1, top: row, height: 1 });
  }
  return [...columns.values()];
}

/** @param {ReturnType<typeof namedCells>} cells @param {any[]} forms @returns {[string, any][]} */
function namesTold(cells, forms) {
  return cells.map(({ name, sheet, row, column }) => {
    const block = forms.find((b) => b.sheet === sheet && b.left === column && row >= b.top && row < b.top + b.height);
    const n = row - block.top;
    return [name, { sheet, row, column, value: block.values[n][0], format: block.numberFormat[n][0] }];
  });
}

// ---- the writing ----------------------------------------------------------------------------------------------------

/** What stands where a task will write. Refuses if that is not what the task saw. @param {any} context @param {any} changes @param {any} copy */
async function before(context, changes, copy) {
  const undo = new Undo(changes);
  await undo.read(context);
  for (const table of changes.tables) {
    const { top, left, bottom, totals } = copy.tables[table.name];
    const now = undo.places.get(table.name);
    if (now.rowIndex + 1 !== top || now.columnIndex + 1 !== left || now.rowIndex + now.rowCount !== bottom || totals) {
      throw new Refused(changes.changed.replace("{cell}", table.name));
    }
  }
  const named = new Map(Object.values(copy.names).map((/** @type {any} */ one) => [`${one.sheet}!${one.row}!${one.column}`, one.value]));
  for (const block of undo.blocks) {
    const table = copy.tables[block.table];
    block.rows.forEach((/** @type {any[]} */ row, /** @type {number} */ n) => row.forEach((value, m) => {
      if (value === null) return;
      const [line, column] = [block.top + n, block.left + m];
      const seen = table ? (table.rows[line - table.top - 1]?.[column - table.left] ?? "") : named.get(`${block.sheet}!${line}!${column}`);
      if (!same(block.old.values[n][m], seen)) {
        throw new Refused(changes.changed.replace("{cell}", `${block.sheet}!${letters(column)}${line}`));
      }
    }));
  }
  return undo;
}

/** @param {any} a @param {any} b */
function same(a, b) {
  return a === b || (a ?? "") === (b ?? "");
}

/** @param {any} context @param {any} changes @param {Undo} undo */
async function writeAll(context, changes, undo) {
  const { application } = context.workbook;
  await unlock(context, changes, undo);
  let wrong;
  try {
    application.calculationMode = "Manual";
    context.runtime.enableEvents = false;
    for (const table of changes.tables) if (table.to > table.from) grow(context, table);
    await context.sync();
    await inBlocks(context, undo.blocks.flatMap(writesOf));
    for (const table of changes.tables) if (table.to < table.from) resize(context, table, table.to);
    for (const [key, value] of Object.entries(changes.properties)) context.workbook.properties.custom.add(`xltax ${key}`, value);
    await context.sync();
  } catch (error) {
    wrong = error;
    await undo.putBack(context, resize);
  } finally {
    application.calculationMode = undo.mode;
    context.runtime.enableEvents = true;
    for (const [sheet, options] of undo.locked) context.workbook.worksheets.getItem(sheet).protection.protect(options);
    if (undo.mode !== "Automatic" && !wrong) application.calculate("Recalculate");
    await context.sync();
  }
  if (wrong) throw new Refused(`Excel refused to write (${words(wrong)}). Everything is as it was before the task.`);
}

/** Lifts protections that have no password. @param {any} context @param {any} changes @param {Undo} undo */
async function unlock(context, changes, undo) {
  /** @type {string[]} */
  const open = [];
  for (const [sheet] of undo.locked) {
    try {
      context.workbook.worksheets.getItem(sheet).protection.unprotect();
      await context.sync();
      open.push(sheet);
    } catch {
      for (const name of open) context.workbook.worksheets.getItem(name).protection.protect(undo.locked.get(name));
      await context.sync();
      throw new Refused(changes.locked[sheet]);
    }
  }
}

/** New rows begin as copies of the last one, with its formats, its lists of choices and a person's own formulas. @param {any} context @param {any} table */
function grow(context, table) {
  const sheet = context.workbook.worksheets.getItem(table.sheet);
  const row = (/** @type {number} */ n) => `${letters(table.left)}${n}:${letters(table.right)}`;
  sheet.getRange(`${row(table.from + 1)}${table.to}`).copyFrom(sheet.getRange(`${row(table.from)}${table.from}`), "All");
  resize(context, table, table.to);
}

/** @param {any} context @param {any} table @param {number} last */
function resize(context, table, last) {
  const cells = `${letters(table.left)}${table.header}:${letters(table.right)}${last}`;
  context.workbook.tables.getItem(table.name).resize(`'${table.sheet.replaceAll("'", "''")}'!${cells}`);
}

/** The writes of one block: number formats where they must change, and then the values. @param {any} block */
function writesOf(block) {
  const place = { sheet: block.sheet, top: block.top, left: block.left, height: block.rows.length, width: block.kinds.length };
  const formats = block.rows.map((/** @type {any[]} */ row, /** @type {number} */ n) => row.map((value, m) => {
    const now = block.old.numberFormat[n][m];
    if (value === null || value === "") return null;
    if (block.kinds[m] === "text" && now !== "@") return "@";
    return block.kinds[m] === "date" && !showsDates(now) ? "yyyy-mm-dd" : null;
  }));
  const changed = formats.some((/** @type {any[]} */ row) => row.some((code) => code !== null));
  return [...(changed ? [{ ...place, put: "numberFormat", data: formats }] : []), { ...place, put: "values", data: block.rows }];
}

/** What Excel says of an error. @param {any} error */
export function words(error) {
  return [error?.code, error?.message ?? String(error)].filter(Boolean).join(": ");
}
