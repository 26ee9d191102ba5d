// The pane: desks and tasks, the cells a task reads, Run, and what was done or refused. Every word about a task comes from
// Python's declarations, so that the pane says what the ribbon, the menu and the command line say.
import { Refused, words } from "./excel_book.mjs";
import { runTask } from "./run_task.mjs";

/**
 * @typedef {{ name: string, label: string, help: string, kind: string, cell: string, optional: boolean }} Input
 * @typedef {{ name: string, label: string, help: string, inputs: Input[] }} Task
 * @typedef {{ book: any, python: any, last?: { words: string }, excel?: any, doc?: Document }} Given
 */

/** @param {Given} given */
export function openPane(given) {
  const pane = new Pane(given);
  return pane.open();
}

/** What stopped the functions, in the pane. @param {any} error */
openPane.failed = (error) => {
  const status = document.getElementById("status");
  if (status) status.textContent = String(error?.message ?? error);
};

class Pane {
  /** @param {Given} given */
  constructor({ book, python, last = { words: "" }, excel, doc = document }) {
    this.book = book;
    this.python = python;
    this.last = last;
    this.excel = excel;
    this.doc = doc;
    this.main = /** @type {HTMLElement} */ (doc.getElementById("main"));
    /** @type {any} */
    this.desks = [];
    this.person = "";
    /** @type {string[]} */
    this.taken = []; // names of files handed out
    this.shown = "";
    this.session = 0;
  }

  /** @param {string} text */
  say(text) {
    const status = this.doc.getElementById("status");
    if (status) status.textContent = text;
  }

  /** @param {string} tag @param {Record<string, any>} [props] @param {(Node | string)[]} children */
  el(tag, props = {}, ...children) {
    const made = this.doc.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== undefined) made.setAttribute(name, String(value));
    }
    made.append(...children);
    return made;
  }

  async open() {
    this.say("Starting Python. The first time takes longer.");
    this.doc.addEventListener("keydown", (event) => {
      if (event.key === "Escape") /** @type {HTMLButtonElement | null} */ (this.doc.querySelector("[data-escape]"))?.click();
    });
    try {
      const told = JSON.parse(await this.python.ask("tasks", JSON.stringify({ do: "desks" })));
      this.desks = told.desks;
      /** @type {HTMLElement} */ (this.doc.getElementById("version")).textContent = `xltax ${told.version}. Everything is calculated on this computer.`;
      this.list();
      this.say("Ready. Choose a task.");
      await this.book.onChanged(() => this.changed());
    } catch (error) {
      this.say(words(error));
      this.main.replaceChildren(this.el("p", {}, "xltax could not start. Close this pane and open it again."));
    }
  }

  // ---- the list of tasks ---------------------------------------------------------------------------------------------

  /** @param {string} [back] the task to return to */
  list(back = "") {
    this.shown = "";
    const find = /** @type {HTMLInputElement} */ (this.el("input", { id: "find", type: "search", autocomplete: "off", oninput: () => this.filter(find.value) }));
    const desks = this.desks.map((/** @type {any} */ desk) => this.el("details", { open: desk.tasks.some((/** @type {Task} */ task) => task.name === back) },
      this.el("summary", {}, desk.name),
      this.el("ul", {}, ...desk.tasks.map((/** @type {Task} */ task) => this.el("li", { "data-words": `${task.label} ${task.help} ${desk.name}`.toLowerCase() },
        this.el("button", { type: "button", id: `task-${task.name}`, title: task.help, onclick: () => this.task(task) }, task.label))))));
    this.main.replaceChildren(
      this.el("label", { for: "find" }, "Find a task"), find,
      this.el("nav", { "aria-label": "Tasks by desk" }, ...desks),
      this.el("h3", {}, "Help"),
      this.el("p", { class: "help" }, "Select a cell with a TAX function that shows an error. Then choose Why?"),
      this.el("button", { type: "button", id: "why", onclick: () => this.why() }, "Why?"),
      this.el("div", { id: "because" }),
    );
    if (back) this.doc.getElementById(`task-${back}`)?.focus();
  }

  /** @param {string} text */
  filter(text) {
    const asked = text.trim().toLowerCase();
    let count = 0;
    for (const desk of this.main.querySelectorAll("details")) {
      let some = 0;
      for (const item of /** @type {NodeListOf<HTMLElement>} */ (desk.querySelectorAll("li"))) {
        item.hidden = !item.dataset.words?.includes(asked);
        some += item.hidden ? 0 : 1;
      }
      desk.hidden = !some;
      desk.open = Boolean(asked) && some > 0;
      count += some;
    }
    this.say(asked ? `${count} ${count === 1 ? "task" : "tasks"} found.` : "Ready. Choose a task.");
  }

  // ---- one task ------------------------------------------------------------------------------------------------------

  /** @param {Task} task */
  async task(task) {
    this.shown = task.name;
    const fields = task.inputs.map((input) => this.field(task, input));
    const run = this.el("button", { type: "button", class: "main", id: "run", onclick: () => this.run(task) }, `Run ${task.label}`);
    this.main.replaceChildren(
      this.el("h2", { tabindex: "-1", id: "title" }, task.label),
      this.el("p", {}, task.help),
      this.el("div", { id: "person" }),
      ...(fields.length ? [this.el("h3", {}, "Cells this task reads"), ...fields] : [this.el("p", { class: "help" }, "This task reads no cells.")]),
      this.el("div", { class: "row" }, run, this.el("button", { type: "button", id: "back", "data-escape": true, onclick: () => this.list(task.name) }, "Back")),
      this.el("div", { id: "result" }),
    );
    this.doc.getElementById("title")?.focus();
    this.say(`${task.label}. Fill in the cells, then choose Run.`);
    await this.guarded(() => Promise.all([this.values(task), this.persons()]));
  }

  /** @param {Task} task @param {Input} input */
  field(task, input) {
    const id = `in-${input.name}`;
    const optional = input.optional ? " (optional)" : "";
    const place = this.el("button", { type: "button", class: "link", "data-cell": input.cell, "aria-label": `Go to the cell of ${input.label}` }, "Go to the cell");
    const help = this.el("p", { class: "help", id: `${id}-help` }, input.help);
    const value = this.el("output", { class: "value", id, "data-value": input.cell, "aria-describedby": `${id}-help` }, "…");
    const label = this.el(input.kind === "file" ? "label" : "p", input.kind === "file" ? { for: `${id}-file` } : {}, this.el("strong", {}, input.label + optional));
    const file = input.kind === "file" ? [this.el("input", { type: "file", id: `${id}-file`, "data-file": input.name })] : [];
    return this.el("div", { class: "field" }, label, ...file, value, " ", place, help);
  }

  /** What stands in the cells of a task. @param {Task} task */
  async values(task) {
    const found = await this.book.cells(task.inputs.map((input) => input.cell));
    if (this.shown !== task.name) return;
    for (const { cell } of task.inputs) {
      const one = found[cell];
      const value = this.main.querySelector(`[data-value="${cell}"]`);
      const place = /** @type {HTMLElement | null} */ (this.main.querySelector(`[data-cell="${cell}"]`));
      if (value) value.textContent = one ? one.text || "(empty)" : "This workbook has no such cell.";
      if (!place) continue;
      place.hidden = !one;
      if (one) {
        place.textContent = `Go to ${one.address.replaceAll("'", "")}`;
        place.onclick = () => this.guarded(() => this.book.select(one.address));
      }
    }
  }

  /** Asks who is at this computer: a web page knows no log-in. */
  async persons() {
    const told = JSON.parse(await this.python.ask("tasks", JSON.stringify({ do: "people", book: await this.book.copy() })));
    const place = this.doc.getElementById("person");
    if (!told.ask || !place) return;
    this.person ||= told.now;
    const keep = (/** @type {any} */ event) => { this.person = event.target.value; };
    const choice = told.names.length
      ? this.el("select", { id: "who", onchange: keep }, ...["", ...told.names].map((name) => this.el("option", { value: name, selected: name === this.person }, name || "Choose your name")))
      : this.el("input", { id: "who", value: this.person, autocomplete: "off", oninput: keep });
    place.replaceChildren(this.el("label", { for: "who" }, "Person at this computer"), choice);
  }

  changed() {
    const task = this.desks.flatMap((/** @type {any} */ desk) => desk.tasks).find((/** @type {Task} */ one) => one.name === this.shown);
    if (task && !this.doc.getElementById("cancel")) void this.guarded(() => this.values(task));
  }

  // ---- running -------------------------------------------------------------------------------------------------------

  /** @param {Task} task */
  async run(task) {
    this.session += 1;
    const { session } = this;
    const result = /** @type {HTMLElement} */ (this.doc.getElementById("result"));
    const buttons = /** @type {HTMLButtonElement[]} */ (["run", "back"].map((id) => this.doc.getElementById(id)));
    const progress = this.el("progress", { "aria-label": `${task.label} is running` });
    const cancel = /** @type {HTMLButtonElement} */ (this.el("button", { type: "button", id: "cancel", "data-escape": true, onclick: () => this.cancel() }, "Cancel"));
    result.replaceChildren(progress, cancel);
    for (const button of buttons) button.disabled = true;
    cancel.focus();
    let shown;
    try {
      const files = await this.chosen();
      const question = { task: task.name, person: this.person, taken: this.taken, files };
      const told = await runTask(this.book, this.python, question, (text, mayStop) => {
        if (session !== this.session) throw new Refused("Canceled. The workbook is unchanged.");
        this.say(text);
        cancel.disabled = !mayStop;
      });
      shown = told.refused === undefined ? this.done(told) : this.refused(told.refused, told.problems);
      this.say(told.refused === undefined ? `${task.label} is done.` : `${task.label} did not run.`);
    } catch (error) {
      const canceled = session !== this.session;
      const text = canceled ? "Canceled. The workbook is unchanged." : error instanceof Refused ? error.message : `${task.label} did not run.\n\n${words(error)}`;
      shown = this.refused(text, []);
      this.say(canceled ? "Canceled." : `${task.label} did not run.`);
    }
    for (const button of buttons) button.disabled = false;
    result.replaceChildren(shown);
    /** @type {HTMLElement | null} */ (result.querySelector("h3"))?.focus();
    if (this.shown === task.name) await this.guarded(() => this.values(task));
  }

  /** Stops the task: Python starts again, and nothing was written. */
  cancel() {
    this.session += 1;
    this.say("Canceling.");
    this.python.restart();
  }

  /** The files that the collector chose, as text. */
  async chosen() {
    /** @type {Record<string, any>} */
    const out = {};
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (this.main.querySelectorAll("[data-file]"))) {
      const [file] = input.files ?? [];
      if (file) out[input.dataset.file ?? ""] = { name: file.name, data: base64(new Uint8Array(await file.arrayBuffer())) };
    }
    return out;
  }

  /** @param {any} told */
  done(told) {
    const look = told.look.map((/** @type {string} */ text) => this.el("li", {}, text));
    const files = told.files.map((/** @type {any} */ file) => this.file(file));
    return this.el("section", { class: "box", "aria-label": "Result" },
      this.el("h3", { tabindex: "-1" }, "Done"),
      this.el("p", { class: "said" }, told.done),
      ...(look.length ? [this.el("h3", {}, "Review"), this.el("ul", {}, ...look)] : []),
      ...(files.length ? [this.el("h3", {}, "Files"), this.el("ul", {}, ...files)] : []));
  }

  /** A file to save, and a workbook to open in Excel too, because some windows of Excel cannot save files. @param {{ name: string, data: string }} file */
  file({ name, data }) {
    this.taken.push(name);
    const address = URL.createObjectURL(new Blob([/** @type {any} */ (bytes(data))]));
    const open = name.endsWith(".xlsx") && this.excel?.createWorkbook
      ? [" ", this.el("button", { type: "button", class: "link", "aria-label": `Open ${name} in Excel`, onclick: () => this.guarded(() => this.excel.createWorkbook(data)) }, "Open in Excel")]
      : [];
    return this.el("li", {}, this.el("a", { href: address, download: name }, name), ...open);
  }

  /** @param {string} text @param {any[]} problems */
  refused(text, problems) {
    const cells = problems.filter((one) => one.cell).slice(0, 20).map((one) => {
      const label = `Go to ${one.cell.sheet}!${this.letters(one.cell.column)}${one.cell.row}`;
      return this.el("li", {}, this.el("button", { type: "button", class: "link", onclick: () => this.guarded(() => this.book.select(one.cell)) }, label));
    });
    return this.el("section", { class: "box refused", "aria-label": "Refused" },
      this.el("h3", { tabindex: "-1" }, "Nothing was changed"),
      this.el("p", { class: "said" }, text),
      ...(cells.length ? [this.el("ul", {}, ...cells)] : []));
  }

  /** @param {number} column */
  letters(column) {
    let text = "";
    for (let n = column; n; n = Math.floor((n - 1) / 26)) text = String.fromCharCode(65 + ((n - 1) % 26)) + text;
    return text;
  }

  // ---- why? ----------------------------------------------------------------------------------------------------------

  /** Calculates the selected cell once more, and shows what its function says. */
  async why() {
    const place = /** @type {HTMLElement} */ (this.doc.getElementById("because"));
    this.last.words = "";
    this.say("Calculating the selected cell.");
    await this.guarded(async () => {
      const { address } = await this.book.calculateSelected();
      for (let n = 0; n < 50 && !this.last.words; n += 1) await new Promise((yes) => setTimeout(yes, 100));
      const text = this.last.words || "The formula in this cell has no xltax error.";
      place.replaceChildren(this.el("p", { class: "box said" }, `${address.replaceAll("'", "")}: ${text}`));
      this.say("The reason is below the button.");
    });
  }

  /** What Excel or Python cannot do is told, and stops nothing else. @param {() => Promise<any>} act */
  async guarded(act) {
    try {
      await act();
    } catch (error) {
      this.say(words(error));
    }
  }
}

/** @param {Uint8Array} data */
function base64(data) {
  let text = "";
  for (let n = 0; n < data.length; n += 32_768) text += String.fromCharCode(...data.subarray(n, n + 32_768));
  return btoa(text);
}

/** @param {string} text */
function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
