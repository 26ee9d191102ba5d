// An error ends the script with its words alone. Node would show the script's line too, and all of Pyodide is one line.
import fs from "node:fs";

process.on("uncaughtException", (error) => {
  fs.writeSync(2, `${error?.message ?? error}\n`);
  process.exit(1);
});
