// Long tables over the stand-in: in blocks on the web, with few trips, and never more than Excel takes in one.
import assert from "node:assert/strict";
import { ExcelBook, isFormula } from "../../../xltax/faces/office_js/site/excel_book.mjs";
import { letters, showsDates } from "../../../xltax/faces/office_js/site/excel_blocks.mjs";
import { Workbook, emptyArgument } from "./excel.mjs";

const ROWS = 20_000;
const WIDTH = 12;
const MB = 1024 * 1024;

/** A book with one long table: a text, a day and ten amounts in each row. */
function long(text) {
  const cells = {};
  for (let row = 1; row <= ROWS + 1; row += 1) {
    for (let column = 1; column <= WIDTH; column += 1) {
      const v = row === 1 ? `Column ${column}` : column === 1 ? `${text}${row}` : column === 2 ? 45_000 + (row % 300) : row + column / 100;
      cells[`${row},${column}`] = { v, nf: column === 1 ? "@" : column === 2 ? "yyyy\\-mm\\-dd" : "0.00", locked: true };
    }
  }
  const table = { name: "Long", sheet: "Long", left: 1, top: 1, right: WIDTH, bottom: ROWS + 1, headers: true, totals: false };
  return { name: "long.xlsx", date1904: false, properties: {}, sheets: { Long: { cells, protected: false, options: {} } }, tables: [table], names: {} };
}

for (const text of ["A", "a text that is much longer than most texts in a cell are, so that the first estimate is wrong ".repeat(4)]) {
  const book = new Workbook(long(text), { dialect: "web" });
  const page = new ExcelBook(book);
  const small = await page.copy();
  assert.equal(small.tables.Long.rows, undefined);
  assert.equal(small.tables.Long.headers.length, WIDTH);
  const copy = await page.copy([{ table: "Long", dates: [1] }]);
  assert.equal(copy.tables.Long.rows.length, ROWS);
  assert.equal(copy.tables.Long.rows[ROWS - 1][0], `${text}${ROWS + 1}`);
  assert.deepEqual(copy.tables.Long.formats[1], [["yyyy\\-mm\\-dd", ROWS]]);
  assert.ok(copy.tables.Long.formats[0] === undefined, "no formats of texts");
  const rows = copy.tables.Long.rows.map(([first]) => [`${first}!`]);
  const before = book.counts.syncs;
  book.counts.largest = 0;
  const changes = { tables: [], properties: {}, locked: { Long: "" }, changed: "{cell}", blocks: [{ table: "Long", sheet: "Long", left: 1, top: 2, rows, kinds: ["text"] }] };
  await page.write(changes, copy);
  assert.equal(book.cell("Long", ROWS + 1, 1).v, `${text}${ROWS + 1}!`);
  if (text.length < 2) {
    assert.ok(book.counts.largest < 5 * MB);
    assert.ok(book.counts.syncs - before < 10, `${book.counts.syncs - before} trips`);
  }
}

// On the desktop nothing has to be split.
{
  const book = new Workbook(long("A"));
  await new ExcelBook(book).copy([{ table: "Long", dates: [1] }]);
  assert.ok(book.counts.syncs < 12, `${book.counts.syncs} trips`);
}

// The stand-in is strict where Excel is.
{
  const book = new Workbook(long("A"));
  await book.run(async (context) => {
    const range = context.workbook.worksheets.getItem("Long").getRange("A1:B2");
    assert.throws(() => range.values, /not available/);
    range.load("values");
    assert.throws(() => range.values, /not available/);
    await context.sync();
    assert.equal(range.values[0][0], "Column 1");
    assert.throws(() => { range.values = [[1]]; }, /doesn't match/);
    range.values = [[null, "'007"], ["", "12"]];
    await context.sync();
  });
  assert.deepEqual([book.cell("Long", 1, 1).v, book.cell("Long", 1, 2).v, book.cell("Long", 2, 1).v, book.cell("Long", 2, 2).v], ["Column 1", "007", "", 12]);
  assert.deepEqual([emptyArgument("desktop"), emptyArgument("web")], [0, null]);
}

assert.deepEqual([1, 26, 27, 28, 702, 703, 16_384].map(letters), ["A", "Z", "AA", "AB", "ZZ", "AAA", "XFD"]);
assert.deepEqual(["yyyy\\-mm\\-dd", "m/d/yy", "General", "@", "[Red]0.00", '0 "days"', "0.00"].map(showsDates), [true, true, false, false, false, false, false]);
assert.deepEqual([isFormula("=A1", 3), isFormula("=A1", "=A1"), isFormula("x", "x")], [true, false, false]);
