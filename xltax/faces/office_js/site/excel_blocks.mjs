// Reads and writes blocks of cells in few trips to Excel. Excel on the web takes at most 5 MB in one trip.

/** About how many characters of JSON one trip may carry. */
export const MOST = 4_000_000;
const USUAL = 20; // characters of a cell that has not been read yet

/**
 * A block to read has `props`, and gets the rows under these names. A block to write has `put` and `data`.
 * @typedef {{ sheet: string, top: number, left: number, height: number, width: number, props?: string[], put?: string,
 *   data?: any[][], [prop: string]: any }} Block
 */

/** Reads and writes blocks in their order. @param {any} context @param {Block[]} blocks */
export async function inBlocks(context, blocks) {
  for (const block of blocks) for (const prop of block.props ?? []) block[prop] = [];
  /** @type {Block[]} */
  let trip = [];
  let size = 0;
  for (const part of blocks.flatMap(parts)) {
    const more = sizeOf(part);
    if (trip.length && size + more > MOST) {
      await go(context, trip);
      [trip, size] = [[], 0];
    }
    trip.push(part);
    size += more;
  }
  if (trip.length) await go(context, trip);
}

/** A block in parts that are small enough for one trip. @param {Block} block @returns {Block[]} */
function parts(block) {
  const pieces = Math.ceil(sizeOf(block) / MOST);
  if (pieces <= 1 || block.height <= 1) return [{ ...block, of: block }];
  const rows = Math.ceil(block.height / pieces);
  return Array.from({ length: Math.ceil(block.height / rows) }, (_, n) => {
    const [from, to] = [n * rows, Math.min((n + 1) * rows, block.height)];
    return { ...block, of: block, top: block.top + from, height: to - from, data: block.data?.slice(from, to) };
  }).flatMap((part) => (block.data && part.height > 1 && sizeOf(part) > MOST ? parts(part).map((each) => ({ ...each, of: block })) : [part]));
}

/** @param {Block} block */
function sizeOf(block) {
  if (block.data) return JSON.stringify(block.data).length;
  return block.height * block.width * USUAL * (block.props?.length ?? 1);
}

/** One trip. Texts longer than usual may make it too large: then it goes in halves. @param {any} context @param {Block[]} trip */
async function go(context, trip) {
  const ranges = trip.map((part) => rangeOf(context, part));
  trip.forEach((part, n) => {
    if (part.put) ranges[n][part.put] = part.data;
    else ranges[n].load(part.props?.join(","));
  });
  try {
    await context.sync();
  } catch (error) {
    const code = String(/** @type {any} */ (error)?.code);
    const halves = code.includes("PayloadSizeLimitExceeded") ? halved(trip) : undefined;
    if (!halves) throw error;
    for (const half of halves) await go(context, half);
    return;
  }
  trip.forEach((part, n) => {
    for (const prop of part.props ?? []) for (const row of ranges[n][prop]) part.of[prop].push(row);
  });
}

/** @param {Block[]} trip @returns {Block[][] | undefined} */
function halved(trip) {
  if (trip.length > 1) {
    const middle = trip.length >> 1;
    return [trip.slice(0, middle), trip.slice(middle)];
  }
  const [part] = trip;
  if (part.height < 2) return undefined;
  const middle = part.height >> 1;
  return [
    [{ ...part, height: middle, data: part.data?.slice(0, middle) }],
    [{ ...part, top: part.top + middle, height: part.height - middle, data: part.data?.slice(middle) }],
  ];
}

/** @param {any} context @param {Block} block */
export function rangeOf(context, { sheet, top, left, height, width }) {
  const cells = `${letters(left)}${top}:${letters(left + width - 1)}${top + height - 1}`;
  return context.workbook.worksheets.getItem(sheet).getRange(cells);
}

/** The letters of a column, counted from 1. @param {number} column */
export function letters(column) {
  let text = "";
  for (let n = column; n; n = Math.floor((n - 1) / 26)) text = String.fromCharCode(65 + ((n - 1) % 26)) + text;
  return text;
}

/** Whether a number format shows a number as a date. @param {string} code */
export function showsDates(code) {
  return /[ymd]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_./g, ""));
}
