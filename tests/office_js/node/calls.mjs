// node calls.mjs SITE WAY FILE: answers the messages of FILE (a list of JSON texts) in the Python of a built site. Prints
// {times, answers, loaded, drawn}: what the start took, the answers, the modules in Python, and a random number.
import fs from "node:fs";
import { startIn } from "./python.mjs";

const [site, way, file] = process.argv.slice(2);
const python = await startIn(site, way);
const answers = [];
for (const message of JSON.parse(fs.readFileSync(file, "utf8"))) answers.push(await python.ask("functions", message));
const loaded = python.py.runPython("import sys; sorted({name.split('.')[0] for name in sys.modules})").toJs();
const drawn = python.py.runPython("import random, tempfile, uuid; f'{random.random()} {tempfile.mktemp()}'");
process.stdout.write(JSON.stringify({ times: python.times, answers, loaded, drawn, heapMB: python.py._module.HEAP8.length / 2 ** 20 }));
process.exit(0);
