// Prints the page's copy of a dumped workbook, as JSON.
import { readFileSync } from "node:fs";
import { ExcelBook } from "../../../xltax/faces/office_js/site/excel_book.mjs";
import { Workbook } from "./excel.mjs";

const book = new Workbook(JSON.parse(readFileSync(process.argv[2], "utf8")), { dialect: "web" });
const page = new ExcelBook(book);
const first = await page.copy();
const large = Object.entries(first.tables).filter(([, t]) => t.headers && !t.rows).map(([table]) => ({ table, dates: [] }));
console.log(JSON.stringify(large.length ? await page.copy(large) : first));
