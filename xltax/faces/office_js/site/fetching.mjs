// Fetches one part of Python from our own folder. The browser refuses a part whose SHA-256 is not the one in parts.json.

/**
 * @typedef {{ release: string, python: string, snapshot: string | null, integrity: Record<string, string> }} Parts
 * @param {URL} base where parts.json lies @param {Parts} parts @param {string} name
 * @returns {Promise<Uint8Array>} unpacked
 */
export async function fetchPart(base, parts, name) {
  const url = new URL(`${parts.snapshot}${name}`, base);
  let response;
  try {
    response = await fetch(url, { integrity: parts.integrity[name] });
  } catch (error) {
    throw new Error(`${name} could not be loaded, or is not the file that was built (${/** @type {any} */ (error)?.message}).`);
  }
  if (!response.ok || !response.body) throw new Error(`${name} could not be loaded: the server answered ${response.status}.`);
  return new Uint8Array(await new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}
