// Writes the changes of a real task over the stand-in: all of them, or none.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ExcelBook, Refused } from "../../../xltax/faces/office_js/site/excel_book.mjs";
import { Workbook } from "./excel.mjs";

const [dump, changes] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));
const open = (options) => new Workbook(dump, options);
const has = (supported) => (set, version) => supported && set === "ExcelApi" && version === "1.20";
const large = (copy) => Object.entries(copy.tables).filter(([, t]) => t.headers && !t.rows).map(([table]) => ({ table, dates: [] }));

/** A book with its complete copy. */
async function copied(options, supported = false) {
  const book = open(options);
  const page = new ExcelBook(book, has(supported));
  return { book, page, copy: await page.copy(large(await page.copy())) };
}

const grown = changes.tables.find((table) => table.to > table.from);
assert.ok(grown && changes.blocks.length > 2, "the task must write rows and cells");

for (const dialect of ["desktop", "web"]) {
  const { book, page, copy } = await copied({ dialect });
  const before = book.counts.syncs;
  await page.write(changes, copy);
  assert.ok(book.counts.syncs - before < 16, `${book.counts.syncs - before} trips to write`);
  assert.equal(book.mode, "Automatic");
  assert.equal(book.events, true);
  for (const block of changes.blocks) block.rows.forEach((row, n) => row.forEach((value, m) => {
    const cell = book.cell(block.sheet, block.top + n, block.left + m);
    if (value === null) return;
    assert.equal(cell.v, typeof value === "string" ? value.replace(/^'/, "") : value);
    if (block.kinds[m] === "text" && value !== "") assert.equal(cell.nf, "@");
    if (block.kinds[m] === "date" && value !== "") assert.match(cell.nf, /y/);
  }));
  for (const table of changes.tables) assert.equal(book.tables.find((t) => t.name === table.name).bottom, table.to);
  assert.deepEqual(book.content().protected, open().content().protected, "sheets are protected again");
}

// Any cell may be the one that Excel refuses: everything is put back, texts that look like numbers too.
for (const { sheet, top, left, rows } of [changes.blocks[0], changes.blocks.at(-1)]) {
  const { book, page, copy } = await copied({});
  const was = book.content();
  const m = rows.at(-1).findIndex((value) => value !== null);
  book.failAt = `${sheet}!${top + rows.length - 1}!${left + m}`;
  await assert.rejects(page.write(changes, copy), (error) => error instanceof Refused && /Everything is as it was/.test(error.message));
  assert.deepEqual(book.content(), was);
  assert.equal(book.mode, "Automatic");
}

// Somebody typed in a cell that the task writes, or moved a table.
{
  const { book, page, copy } = await copied({});
  const block = changes.blocks[0];
  const m = block.rows[0].findIndex((value) => value !== null);
  book.keep(block.sheet, block.top, block.left + m).v = "typed meanwhile";
  const was = book.content();
  await assert.rejects(page.write(changes, copy), /Somebody changed .* while the task ran. Nothing was written/);
  assert.deepEqual(book.content(), was);
}
{
  const { book, page, copy } = await copied({});
  const table = book.tables.find((t) => t.name === grown.name);
  table.bottom += 1;
  const was = book.content();
  await assert.rejects(page.write(changes, copy), new RegExp(`Somebody changed ${grown.name}`));
  assert.deepEqual(book.content(), was);
}

// A protection with a password is refused in the words of every host, before anything is written.
{
  const { book, page, copy } = await copied({});
  const sheet = changes.blocks.at(-1).sheet;
  Object.assign(book.sheets[sheet], { protected: true, password: "secret" });
  for (const cell of Object.values(book.sheets[sheet].cells)) cell.locked = true;
  const was = book.content();
  await assert.rejects(page.write(changes, copy), (error) => error instanceof Refused && error.message === changes.locked[sheet]);
  assert.deepEqual(book.content(), was);
}

// One entry of Undo where Excel has it, and none where a protection must be lifted.
{
  const { book, page, copy } = await copied({}, true);
  for (const sheet of Object.values(book.sheets)) sheet.protected = false;
  await page.write(changes, copy);
  assert.equal(book.undoGroups, 1);
  const second = await copied({}, false);
  await second.page.write(changes, second.copy);
  assert.equal(second.book.undoGroups, 0);
}

// Manual calculation stays manual.
{
  const { book, page, copy } = await copied({});
  book.mode = "Manual";
  await page.write(changes, copy);
  assert.equal(book.mode, "Manual");
}
