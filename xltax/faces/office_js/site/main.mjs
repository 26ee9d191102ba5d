// Starts the pane: Python in its worker, the functions, and the tasks.
import { ExcelBook } from "./excel_book.mjs";
import { startFunctions } from "./functions.mjs";
import { openPane } from "./pane.mjs";
import { startPython } from "./start.mjs";

const host = /** @type {any} */ (globalThis);
/** What the last function that failed said. The button Why? shows it. */
const last = { words: "" };

/** Excel's CustomFunctions, with an Error that is remembered. @param {any} own */
function remembering(own) {
  class Remembered extends own.Error {
    /** @param {any} code @param {string} [words] */
    constructor(code, words) {
      super(code, words);
      last.words = words ?? "";
    }
  }
  return { associate: own.associate.bind(own), ErrorCode: own.ErrorCode, Error: Remembered };
}

const python = startPython();
if (host.CustomFunctions) {
  const { Office, Excel, CustomFunctions } = host;
  startFunctions(python, { Office, Excel, CustomFunctions: remembering(CustomFunctions) }).catch((error) => openPane.failed(error));
}
const supports = (/** @type {string} */ set, /** @type {string} */ version) => Boolean(host.Office.context?.requirements?.isSetSupported(set, version));
host.Office.onReady(() => openPane({ book: new ExcelBook(host.Excel, supports), python, last, excel: host.Excel }));
