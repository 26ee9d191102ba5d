// node damaged.mjs SITE: a snapshot that is not the one that was built, and one that does not fit, are refused in words.
import { startIn } from "./python.mjs";

const site = process.argv[2];
const cases = {
  "another build": (name, bytes) => {
    if (name === "heap.bin") bytes[16] ^= 1; // in the build id of the Pyodide it was taken from
    return bytes;
  },
  "a place that is taken": (name, bytes) => {
    if (name !== "libraries.bin") return bytes;
    const text = new TextDecoder().decode(bytes.subarray(0, 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)));
    const at = text.indexOf('"tableBase":') + '"tableBase":'.length;
    bytes.set(new TextEncoder().encode("00001"), at); // JSON refuses it, or the table is longer
    return bytes;
  },
  "cut off": (name, bytes) => (name === "files.bin" ? bytes.subarray(0, 2000) : bytes),
};
const refused = {};
for (const [what, change] of Object.entries(cases)) {
  try {
    await startIn(site, "snapshot", { change });
    refused[what] = "";
  } catch (error) {
    refused[what] = String(error?.message ?? error);
  }
}
process.stdout.write(JSON.stringify(refused));
process.exit(0);
