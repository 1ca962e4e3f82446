// How much script the page loads before it shows anything: no more than the budget, compressed.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET = 300_000;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));

const html = readFileSync(`${dist}index.html`, "utf8");
const first = new Set([...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path));
// What those import at once comes with them.
for (const path of first)
  for (const [, name] of readFileSync(`${dist}${path}`, "utf8").matchAll(
    /(?:from|import)\s*"\.\/([^"]+\.js)"/g,
  ))
    first.add(`assets/${name}`);

const size = (path) => gzipSync(readFileSync(`${dist}${path}`), { level: 9 }).length;
const sum = [...first].reduce((all, path) => all + size(path), 0);
const all = readdirSync(`${dist}assets`).filter((name) => name.endsWith(".js"));
const whole = all.reduce((every, name) => every + size(`assets/${name}`), 0);
console.log(
  `first load: ${sum.toLocaleString("en")} bytes of script, compressed; all of it: ${whole.toLocaleString("en")}`,
);
if (sum > BUDGET) {
  console.error(`that is over the budget of ${BUDGET.toLocaleString("en")}; load some of it later`);
  process.exit(1);
}
