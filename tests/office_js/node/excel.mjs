// A stand-in for Excel with the part of Office.js that the add-in uses, over a workbook from tests/office_js/dump.py.
//
// What it shows: a property cannot be read before load and sync; what is asked is done in its order at sync, and what came
// before a failing call stays done, as in Excel; null leaves a cell alone and "" empties it; texts typed into cells turn into
// numbers unless the cell is formatted as text; locked cells of a protected sheet answer AccessDenied; a trip of more than
// 5 MB fails on the web; tables cannot cover other tables; every trip is counted; an empty argument of a function is 0 on the
// desktop and null on the web.
// What it does not show: calculation (formulas keep their last values), Excel's speed, its own Undo, filters, structured
// references, other people's typing, prompts, and any rule of Excel that is not written here.

const LIMIT = 5 * 1024 * 1024;

export class RichApiError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message = code) {
    super(message);
    this.name = "RichApi.Error";
    this.code = code;
  }
}

/** What an empty cell is as the argument of a function. @param {"desktop" | "web"} dialect */
export function emptyArgument(dialect) {
  return dialect === "web" ? null : 0;
}

export class Workbook {
  /** @param {any} dump @param {{ dialect?: "desktop" | "web" }} [options] */
  constructor(dump, { dialect = "desktop" } = {}) {
    Object.assign(this, structuredClone(dump));
    this.dialect = dialect;
    this.mode = "Automatic";
    this.events = true;
    this.undoGroups = 0;
    this.counts = { syncs: 0, largest: 0 };
    this.selected = { sheet: Object.keys(this.sheets)[0], row: 1, column: 1 };
    this.listeners = [];
    this.failAt = undefined; // a cell, such as "Duplicate!7!3", whose next writing fails
    this.calculated = []; // cells whose formulas were typed again
  }

  cell(sheet, row, column) {
    return this.sheets[sheet].cells[`${row},${column}`] ?? { v: "", nf: "General", locked: true };
  }

  keep(sheet, row, column) {
    const { cells } = this.sheets[sheet];
    return (cells[`${row},${column}`] ??= { v: "", nf: "General", locked: true });
  }

  /** Excel.run of this workbook. */
  run = async (options, batch = options) => {
    if (options?.mergeUndoGroup) this.undoGroups += 1;
    const context = new Context(this, options?.mergeUndoGroup);
    const result = await batch(context);
    await context.sync();
    return result;
  };

  /** Every cell, for a test to compare. */
  content() {
    const cells = {};
    for (const [name, sheet] of Object.entries(this.sheets)) {
      for (const [at, cell] of Object.entries(sheet.cells)) if (cell.v !== "" || cell.f) cells[`${name}!${at}`] = [cell.v, cell.f ?? "", cell.nf];
    }
    return { cells, tables: structuredClone(this.tables), properties: { ...this.properties }, protected: Object.entries(this.sheets).filter(([, s]) => s.protected).map(([n]) => n) };
  }
}

class Context {
  constructor(book, merged) {
    this.book = book;
    this.merged = merged;
    this.queue = [];
    this.sent = 0;
    this.workbook = new WorkbookProxy(this);
    this.runtime = new Settings(this, { set enableEvents(on) { book.events = on; } });
  }

  /** Something to do at the next sync. */
  later(act, weight = 40) {
    this.queue.push(act);
    this.sent += weight;
  }

  async sync() {
    const { queue, book } = this;
    this.queue = [];
    const { sent } = this;
    this.sent = 0;
    if (!queue.length) return;
    await Promise.resolve();
    book.counts.syncs += 1;
    book.counts.largest = Math.max(book.counts.largest, sent);
    if (book.dialect === "web" && sent > LIMIT) throw new RichApiError("RequestPayloadSizeLimitExceeded");
    let received = 0;
    for (const act of queue) received += act() ?? 0;
    book.counts.largest = Math.max(book.counts.largest, received);
    if (book.dialect === "web" && received > LIMIT) throw new RichApiError("ResponsePayloadSizeLimitExceeded");
    if (book.changed && book.events) for (const call of book.listeners) queueMicrotask(call);
    book.changed = false;
  }
}

/** An object of Excel as the add-in sees it: its properties are there after load and sync. */
class Proxy_ {
  constructor(context, props = {}) {
    this.context = context;
    this.got = {};
    this.missing = () => false; // whether there is no such object
    for (const [name, get] of Object.entries(props)) this.property(name, get);
  }

  property(name, get, set) {
    Object.defineProperty(this, name, {
      enumerable: true,
      get: () => {
        if (!(name in this.got)) throw new RichApiError("PropertyNotLoaded", `The property '${name}' is not available. Call load and context.sync() first.`);
        return this.got[name];
      },
      set: set && ((value) => set(value)),
    });
    (this.getters ??= {})[name] = get;
  }

  get isNullObject() {
    if (!("isNullObject" in this.got)) throw new RichApiError("PropertyNotLoaded", "isNullObject before sync");
    return this.got.isNullObject;
  }

  load(names) {
    const asked = String(names).split(",").map((name) => name.trim());
    for (const name of asked) {
      const [first] = name.split("/");
      if (!(first in this.getters) && !(first in this)) throw new RichApiError("InvalidArgument", `There is no property ${name}.`);
    }
    this.context.later(() => {
      this.got.isNullObject = this.missing();
      if (this.got.isNullObject) return 0;
      let size = 0;
      if (asked.some((name) => name.startsWith("items"))) this.got.items = this.getters.items();
      for (const name of asked) {
        const [first, ...rest] = name.split("/");
        if (first === "items") for (const one of this.got.items) size += JSON.stringify(one.fill(rest))?.length ?? 0;
        else size += JSON.stringify(this.fill([first, ...rest]))?.length ?? 0;
      }
      return size;
    });
    return this;
  }

  /** Reads a property of this or of a part, such as format/protection/locked. */
  fill([first, ...rest]) {
    if (rest.length) return this[first].fill(rest);
    this.got[first] = this.getters[first]();
    return this.got[first];
  }
}

class Settings {
  constructor(context, target) {
    for (const name of Object.keys(target)) Object.defineProperty(this, name, { set: (value) => context.later(() => { target[name] = value; }) });
  }
}

class WorkbookProxy extends Proxy_ {
  constructor(context) {
    const { book } = context;
    super(context, { name: () => book.name });
    this.tables = new Collection(context, () => book.tables.map((table) => new TableProxy(context, table.name)));
    this.tables.getItem = (name) => new TableProxy(context, name);
    this.names = new Collection(context, () => Object.keys(book.names).map((name) => new NameProxy(context, name)));
    this.names.getItemOrNullObject = (name) => new NameProxy(context, name);
    this.worksheets = { getItem: (name) => new SheetProxy(context, name), onChanged: { add: (call) => context.later(() => { book.listeners.push(call); }) } };
    this.properties = { custom: new Properties(context) };
    this.application = new Proxy_(context);
    this.application.property("calculationMode", () => book.mode, (mode) => context.later(() => { book.mode = mode; }));
    this.application.calculate = () => context.later(() => {});
    this.functions = { date: (y, m, d) => new Proxy_(context, { value: () => Math.round((Date.UTC(y, m - 1, d) - (book.date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30))) / 86_400_000) }) };
  }

  getActiveCell() {
    const { sheet, row, column } = this.context.book.selected;
    return new RangeProxy(this.context, sheet, row, column, 1, 1);
  }
}

class Collection extends Proxy_ {
  constructor(context, items) {
    super(context, { items });
  }
}

class Properties extends Collection {
  constructor(context) {
    const { book } = context;
    super(context, () => Object.keys(book.properties).map((key) => this.getItemOrNullObject(key)));
    this.getItemOrNullObject = (key) => {
      const one = new Proxy_(context, { key: () => key, value: () => book.properties[key] });
      one.missing = () => !(key in book.properties);
      return one;
    };
  }

  add(key, value) {
    if (this.context.merged) throw new RichApiError("UndoNotSupported");
    this.context.later(() => { this.context.book.properties[key] = value; });
  }
}

class SheetProxy extends Proxy_ {
  constructor(context, name) {
    super(context, { name: () => name });
    const { book } = context;
    const sheet = book.sheets[name];
    if (!sheet) context.later(() => { throw new RichApiError("ItemNotFound"); });
    this.sheet = name;
    this.protection = new Proxy_(context, { protected: () => sheet.protected, options: () => ({ ...sheet.options }) });
    const refuse = () => { if (context.merged) throw new RichApiError("UndoNotSupported"); };
    this.protection.unprotect = (password = "") => context.later(() => {
      refuse();
      if (sheet.protected && (sheet.password ?? "") !== password) throw new RichApiError("AccessDenied");
      sheet.protected = false;
    });
    this.protection.protect = (options) => context.later(() => {
      refuse();
      if (sheet.protected) throw new RichApiError("InvalidOperation");
      sheet.protected = true;
      sheet.options = options ?? {};
    });
  }

  getRange(cells) {
    return new RangeProxy(this.context, this.sheet, ...corners(cells));
  }

  getUsedRangeOrNullObject() {
    const { book } = this.context;
    const rows = () => Object.entries(book.sheets[this.sheet].cells).filter(([, c]) => c.v !== "" || c.f).map(([at]) => at.split(",").map(Number));
    const range = new RangeProxy(this.context, this.sheet, 1, 1, 1, 1);
    range.missing = () => !rows().length;
    range.getters.rowIndex = () => rows().reduce((least, [r]) => Math.min(least, r), Infinity) - 1;
    range.getters.rowCount = () => rows().reduce((most, [r]) => Math.max(most, r), 0) - range.getters.rowIndex();
    return range;
  }

  activate() {
    this.context.later(() => { this.context.book.selected.sheet = this.sheet; });
  }
}

class TableProxy extends Proxy_ {
  constructor(context, name) {
    const find = () => {
      const one = context.book.tables.find((table) => table.name === name);
      if (!one) throw new RichApiError("ItemNotFound");
      return one;
    };
    super(context, { name: () => name, showHeaders: () => find().headers, showTotals: () => find().totals });
    this.find = find;
    this.worksheet = new Proxy_(context, { name: () => find().sheet });
  }

  getRange() {
    const { sheet, top, left, bottom, right } = this.find();
    return new RangeProxy(this.context, sheet, top, left, bottom - top + 1, right - left + 1);
  }

  getHeaderRowRange() {
    const { sheet, top, left, right } = this.find();
    return new RangeProxy(this.context, sheet, top, left, 1, right - left + 1);
  }

  resize(address) {
    this.context.later(() => {
      const table = this.find();
      const [top, left, rows, columns] = corners(address.slice(address.lastIndexOf("!") + 1));
      if (this.context.book.sheets[table.sheet].protected) throw new RichApiError("AccessDenied");
      if (top !== table.top || left !== table.left || rows < 2) throw new RichApiError("InvalidArgument");
      const [bottom, right] = [top + rows - 1, left + columns - 1];
      const over = this.context.book.tables.some((t) => t !== table && t.sheet === table.sheet && t.left <= right && t.right >= left && t.top <= bottom && t.bottom >= top);
      if (over) throw new RichApiError("InvalidArgument", "A table cannot overlap another table.");
      Object.assign(table, { bottom, right });
    });
  }
}

class NameProxy extends Proxy_ {
  constructor(context, name) {
    super(context, { name: () => name, formula: () => context.book.names[name] });
    this.named = name;
    this.missing = () => !(name in context.book.names);
  }

  getRangeOrNullObject() {
    const formula = this.context.book.names[this.named] ?? "";
    const match = /^='?(.*?)'?!(\$?[A-Z]+\$?\d+)$/.exec(formula);
    const [sheet, cells] = match ? [match[1].replaceAll("''", "'"), match[2]] : ["", "A1"];
    const range = new RangeProxy(this.context, sheet, ...corners(cells));
    range.missing = () => !match;
    return range;
  }
}

class RangeProxy extends Proxy_ {
  constructor(context, sheet, top, left, rows, columns) {
    super(context);
    const { book } = context;
    Object.assign(this, { sheet, top, left, rows, columns });
    const grid = (see) => () => Array.from({ length: rows }, (_, n) => Array.from({ length: columns }, (__, m) => see(book.cell(sheet, top + n, left + m))));
    const put = (write) => (data) => {
      if (!Array.isArray(data) || data.length !== rows || data.some((row) => row.length !== columns)) {
        throw new RichApiError("InvalidArgument", "The number of rows or columns in the input array doesn't match the size of the range.");
      }
      context.later(() => this.each((row, column, n, m) => {
        if (data[n][m] !== null) write(this.open(row, column), data[n][m], row, column);
      }), JSON.stringify(data).length);
    };
    this.property("values", grid((cell) => cell.v), put((cell, value) => typed(cell, value)));
    this.property("formulas", grid((cell) => cell.f ?? cell.v), put((cell, value, row, column) => {
      if (cell.f === value) book.calculated.push(`${sheet}!${row}!${column}`);
      typed(cell, value);
    }));
    this.property("numberFormat", grid((cell) => cell.nf), put((cell, code) => { cell.nf = code; }));
    this.property("text", grid(shown));
    this.property("address", () => `${/^\w+$/.test(sheet) ? sheet : `'${sheet}'`}!${name(left)}${top}`);
    for (const [key, value] of Object.entries({ rowIndex: top - 1, columnIndex: left - 1, rowCount: rows, columnCount: columns })) this.property(key, () => value);
    const locked = () => {
      const seen = new Set();
      this.each((row, column) => seen.add(book.cell(sheet, row, column).locked));
      return seen.size === 1 ? [...seen][0] : null;
    };
    const protection = new Proxy_(context, { locked });
    this.format = new Proxy_(context);
    this.format.protection = protection;
  }

  each(call) {
    for (let n = 0; n < this.rows; n += 1) for (let m = 0; m < this.columns; m += 1) call(this.top + n, this.left + m, n, m);
  }

  /** A cell to write to. */
  open(row, column) {
    const { book } = this.context;
    const cell = book.keep(this.sheet, row, column);
    if (book.sheets[this.sheet].protected && cell.locked) throw new RichApiError("AccessDenied");
    if (book.failAt === `${this.sheet}!${row}!${column}`) {
      book.failAt = undefined;
      throw new RichApiError("GeneralException", "Excel could not do this.");
    }
    book.changed = true;
    return cell;
  }

  copyFrom(from) {
    this.context.later(() => this.each((row, column, n, m) => {
      const model = this.context.book.cell(from.sheet, from.top + (n % from.rows), from.left + (m % from.columns));
      const cell = this.open(row, column);
      const down = row - from.top;
      Object.assign(cell, structuredClone(model));
      if (model.f) cell.f = model.f.replace(/(?<![A-Z$])([A-Z]{1,3})(\d+)\b/g, (_, c, r) => `${c}${Number(r) + down}`);
    }));
  }

  clear() {
    this.context.later(() => this.each((row, column) => {
      const cell = this.open(row, column);
      cell.v = "";
      delete cell.f;
    }));
  }

  select() {
    this.context.later(() => { this.context.book.selected = { sheet: this.sheet, row: this.top, column: this.left }; });
  }
}

/** What a cell shows: days as days, and numbers plainly. */
function shown({ v, nf }) {
  return typeof v === "number" && /y/.test(nf) ? new Date(Math.round((v - 25_569) * 86_400_000)).toISOString().slice(0, 10) : String(v);
}

/** What Excel makes of a value that is put into a cell, as if somebody typed it there. */
function typed(cell, value) {
  delete cell.f;
  cell.v = value;
  if (typeof value !== "string" || value === "") return;
  if (value.startsWith("'")) cell.v = value.slice(1);
  else if (cell.nf === "@") cell.v = value;
  else if (value.startsWith("=")) Object.assign(cell, { f: value, v: 0 });
  else if (/^[-+]?[\d,]*\.?\d+$/.test(value)) cell.v = Number(value.replaceAll(",", ""));
}

function corners(cells) {
  const [first, last] = cells.replaceAll("$", "").split(":").map((text) => /^([A-Z]+)(\d+)$/.exec(text));
  const [a, b] = [first, last ?? first].map((m) => [Number(m[2]), [...m[1]].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0)]);
  return [a[0], a[1], b[0] - a[0] + 1, b[1] - a[1] + 1];
}

function name(column) {
  let text = "";
  for (let n = column; n; n = Math.floor((n - 1) / 26)) text = String.fromCharCode(65 + ((n - 1) % 26)) + text;
  return text;
}
