// Puts the stand-in for Excel where Office.js would be, for a page in a browser.
import dump from "./dump.mjs";
import { Workbook, emptyArgument } from "./excel.mjs";

const page = /** @type {any} */ (globalThis);
const book = new Workbook(dump, { dialect: "web" });
page.book = book;
page.opened = [];
page.functions = {};
page.Excel = { run: book.run, createWorkbook: async (data) => { page.opened.push(data.length); } };
page.Office = { onReady: async (call) => call?.(), context: { requirements: { isSetSupported: () => true } } };
page.CustomFunctions = {
  associate: (id, call) => { page.functions[id] = call; },
  ErrorCode: { invalidValue: "#VALUE!", notAvailable: "#N/A" },
  Error: class extends Error {
    constructor(code, words) {
      super(words);
      this.code = code;
    }
  },
};
page.emptyArgument = emptyArgument;
