// Starts Python of a built site in node, as the worker does in a browser: startIn(site, way).
import fs from "node:fs";
import path from "node:path";
import url from "node:url";
import zlib from "node:zlib";
import crypto from "node:crypto";
import "../../../xltax/faces/office_js/node/telling.mjs";

/** The folder of the site's scripts. */
export function appOf(site) {
  return path.join(path.resolve(site), fs.readdirSync(site).find((name) => name.startsWith("app-")));
}

export async function startIn(site, way, { change = (name, bytes) => bytes } = {}) {
  const app = appOf(site);
  const parts = JSON.parse(fs.readFileSync(path.join(app, "parts.json"), "utf8"));
  const python = path.join(app, parts.python, "/");
  const { startPython } = await import(url.pathToFileURL(path.join(app, "python.mjs")).href);
  return startPython({
    way,
    parts,
    python: url.pathToFileURL(python).href,
    indexURL: python,
    get: async (name) => {
      const packed = fs.readFileSync(path.join(app, parts.snapshot, name));
      const seen = `sha256-${crypto.createHash("sha256").update(packed).digest("base64")}`;
      if (seen !== parts.integrity[name]) throw new Error(`${name} is not the file that was built`);
      return change(name, new Uint8Array(zlib.gunzipSync(packed)));
    },
  });
}
