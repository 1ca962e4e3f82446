// How much script a first visit loads, for each page and language: no more than the budget, compressed.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { firstLoads } from "./first-load.mjs";

const BUDGET = 300_000;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
/** Beside what is built: chooses day or night before anything is drawn. */
const COPIED = ["theme.js"];

const size = (file) => gzipSync(readFileSync(`${dist}${file}`), { level: 9 }).length;
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));
const loads = firstLoads(manifest).map(({ page, language, files }) => ({
  name: `${page}, ${language}`,
  bytes: [...COPIED, ...files].reduce((sum, file) => sum + size(file), 0),
}));

console.log("compressed script of a first visit, in bytes:");
for (const { name, bytes } of loads) console.log(`  ${bytes.toLocaleString("en")}  ${name}`);
if (loads.length === 0) throw new Error("the build's manifest names no language");
const over = loads.filter(({ bytes }) => bytes > BUDGET).map(({ name }) => name);
if (over.length > 0) {
  console.error(`over the budget of ${BUDGET.toLocaleString("en")}: ${over.join("; ")}`);
  process.exit(1);
}
