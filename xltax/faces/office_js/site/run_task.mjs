// One task from the copy of the workbook to the written cells. It goes through without a pane too.

/**
 * @param {any} book see excel_book.mjs  @param {{ ask: (kind: string, payload: string) => Promise<string> }} python
 * @param {Record<string, any>} question the task, the person, the chosen files and the names of files handed out before
 * @param {(text: string, mayStop: boolean) => void} say told what goes on; it throws if the collector has canceled
 */
export async function runTask(book, python, question, say) {
  say("Reading the workbook.", true);
  /** @type {any[]} */
  let wanted = [];
  for (;;) {
    const copy = await book.copy(wanted);
    say("Calculating.", true);
    const told = JSON.parse(await python.ask("tasks", JSON.stringify({ do: "press", ...question, book: copy })));
    if (told.needs) {
      const tables = told.needs.map((/** @type {any} */ one) => one.table);
      say(`Reading ${tables.join(", ")}.`, true);
      wanted = [...wanted, ...told.needs];
      continue;
    }
    if (told.refused !== undefined) return told;
    say("Writing.", false);
    await book.write(told.changes, copy);
    return told;
  }
}
