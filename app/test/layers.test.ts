// Folders of the page use each other one way: what shows things uses what fetches them, never the other way round.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../src");

/** What each folder may import from, beside itself and `configuration.ts`. */
const MAY_USE: Record<string, readonly string[]> = {
  language: [],
  theme: [],
  ui: [],
  format: ["language"],
  chain: [],
  indexer: [],
  market: ["chain", "indexer", "format", "ui"],
  wallet: ["chain", "ui"],
  bill: ["chain", "indexer", "format", "ui", "market", "wallet"],
  household: ["chain", "indexer", "format", "ui", "market", "wallet", "bill"],
  cosignature: ["chain", "format", "ui", "market", "wallet", "household"],
  operator: [
    "chain",
    "indexer",
    "format",
    "ui",
    "market",
    "wallet",
    "bill",
    "household",
    "cosignature",
  ],
  keeper: ["chain", "format", "ui", "market", "wallet"],
  integrator: ["chain", "ui"],
  shell: [
    "cosignature",
    "keeper",
    "integrator",
    "operator",
    "chain",
    "indexer",
    "format",
    "language",
    "theme",
    "ui",
    "market",
    "wallet",
    "household",
  ],
};

test("given all sources when their imports are looked at then they point one way", () => {
  const wrong = readdirSync(src, { recursive: true })
    .map(String)
    .filter((name) => /\.tsx?$/.test(name) && name.includes("/"))
    .flatMap((name) => {
      const folder = name.split("/")[0]!;
      const text = readFileSync(join(src, name), "utf8");
      const used = [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, path]) => {
        const [first, ...rest] = relative(src, join(src, dirname(name), path!)).split("/");
        return rest.length > 0 || first! in MAY_USE ? first! : undefined;
      });
      const allowed = [folder, ...(MAY_USE[folder] ?? [])];
      return used
        .filter((other) => other !== undefined && !allowed.includes(other))
        .map((other) => `${name} uses ${other}`);
    });
  expect(wrong).toEqual([]);
});
