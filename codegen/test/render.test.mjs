import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { getRenderMapVisitor } from "@codama/renderers-js";
import { getDefinedTypeHistogramVisitor } from "@codama/visitors";
import { visit } from "@codama/visitors-core";

import { renderErrorTable } from "../error-table.mjs";
import { bytemuckTypes, programTree } from "../program.mjs";
import { renderRust, renderRustRoot } from "../rust.mjs";
import { rustfmt } from "../rustfmt.mjs";
import { renderTypeScript } from "../typescript.mjs";
import { PLAIN, UNITS } from "../units.mjs";
import { plainNumbersVisitor, unitsVisitor } from "../visitors.mjs";
import { bank } from "./idl.mjs";

const typescript = await renderTypeScript(programTree(bank()));
const rust = renderRust(programTree(bank()), bytemuckTypes(bank()));

test("Node.js finds every module that the TypeScript names", () => {
  for (const [path, text] of typescript) {
    for (const [, module] of text.matchAll(/from "(\.[^"]*)"/g)) {
      assert.match(module, /\.js$/, path);
      const target = new URL(module, `file:///src/generated/bank/${path}`).pathname;
      const [, inside] = /^\/src\/generated\/bank\/(.*)\.js$/.exec(target) ?? [];
      const outside = /^\/src\/(table|unit-codecs|extend-client)\.js$/.test(target);
      assert.ok(outside || typescript.has(`${inside}.ts`), `${path}: ${module}`);
    }
  }
});

test("a table's codecs check its length, and its rows are rendered", () => {
  assert.match(typescript.get("types/coinTableData.ts"), /coins: Array<Coin>/);
  assert.match(typescript.get("tables.ts"), /return 42 \+ capacity \* getCoinDecoder\(\)/);
  assert.match(typescript.get("accounts/coinTable.ts"), /from "\.\.\/tables\.js"/);
  assert.match(typescript.get("accounts/shelf.ts"), /FixedSizeDecoder<Shelf>/);
});

test("constants have their names, docs and values", () => {
  const page = typescript.get("constants.ts");
  assert.match(page, /\/\*\* What a table holds\. \*\/\nexport const MAX_COINS = 512;/);
  assert.match(page, /export const MAX_AMOUNT = 1000n;/);
  assert.match(page, /export const SEED = new Uint8Array\(\[118, 97\]\);/);
  assert.match(page, /export const SHELF_ROWS =\s+"boxes: Coin\[boxes\], lids/);
  assert.doesNotMatch(page, /COIN_TABLE_ROWS/);
});

test("numbers have their units", () => {
  const coin = typescript.get("types/coin.ts");
  assert.match(coin, /locked: MilliAtoms;/);
  assert.match(coin, /id: bigint;/);
  assert.ok(!typescript.has("types/milliAtoms.ts"));
});

test("messages come out as they are in the IDL", () => {
  assert.match(
    typescript.get("errors/bank.ts"),
    /: `a "quote", a \\`tick\\`, \\\$\{braces\} and \\\\`/,
  );
  assert.match(
    rust.get("errors/bank.rs"),
    /#\[error\("a \\"quote\\", a `tick`, \$\{\{braces\}\} and \\\\"\)\]/,
  );
});

test("Rust has no layouts of its own: it links to those of joulebook-layout", () => {
  const folders = [...new Set([...rust.keys()].map((path) => path.split("/")[0]))];
  assert.deepEqual(folders.sort(), [
    ...["errors", "events.rs", "instructions", "mod.rs", "pdas.rs", "programs.rs", "types"],
  ]);
  const types = [...rust.keys()].filter((path) => path.startsWith("types/"));
  assert.deepEqual(types.sort(), ["types/deposited.rs", "types/kind.rs", "types/mod.rs"]);
  const instruction = rust.get("instructions/deposit.rs");
  assert.match(instruction, /use joulebook_layout::bank::Coin;/);
  assert.match(instruction, /use crate::generated::bank::types::Kind;/);
});

test("Rust is formatted, all modules of the tree at once", () => {
  const files = new Map([["mod.rs", renderRustRoot(["bank"])]]);
  for (const [path, text] of rust) files.set(`bank/${path}`, text);
  const formatted = rustfmt(files);
  assert.deepEqual([...formatted.keys()], [...files.keys()]);
  assert.match(formatted.get("bank/events.rs"), /\n    Deposited\(Deposited\),\n/);
  assert.throws(() => rustfmt(new Map([["mod.rs", "fn ("]])), /rustfmt: error/);
});

test("a number that nobody thought of stops the generator", async () => {
  const idl = bank();
  const coin = idl.types.find(({ name }) => name === "Coin");
  coin.type.fields.push({ name: "worth", type: "i64" });
  await assert.rejects(renderTypeScript(programTree(idl)), {
    message:
      "numbers of bank without a unit: coin.worth (i64); " +
      "name them in codegen/units.mjs, under their unit or as plain",
  });
});

const trees = ["registry", "oracle", "market"].map((name) =>
  programTree(JSON.parse(readFileSync(new URL(`../../idl/${name}.json`, import.meta.url), "utf8"))),
);

test("every unit is of some field of the programs", () => {
  const isUsed = (unit, format, field) =>
    trees.some((tree) => {
      const root = visit(tree, unitsVisitor({ [unit]: { format, fields: [field] } }));
      return visit(root, getDefinedTypeHistogramVisitor())[`${root.program.name}.${unit}`];
    });
  for (const [unit, { format, fields }] of Object.entries(UNITS))
    for (const field of fields) assert.ok(isUsed(unit, format, field), `${unit}: ${field}`);
});

test("every plain number is a field of the programs without a unit", () => {
  const isMissed = (format, field) => {
    const others = PLAIN[format].filter((name) => name !== field);
    return trees.some((tree) => {
      const root = visit(tree, unitsVisitor(UNITS));
      try {
        visit(root, plainNumbersVisitor({ ...PLAIN, [format]: others }));
        return false;
      } catch {
        return true;
      }
    });
  };
  for (const [format, fields] of Object.entries(PLAIN))
    for (const field of fields) assert.ok(isMissed(format, field), `${format}: ${field}`);
});

test("the renderer still writes the return type of kit 6, so clients/ts/src/extend-client.ts is needed", () => {
  const pages = visit(programTree(bank()), getRenderMapVisitor());
  assert.match(
    pages.get("programs/bank.ts").content,
    /\): Omit<T, "bank"> & \{ bank: BankPlugin \}/,
  );
});

test("the table of errors has the words of all programs, and no code twice", async () => {
  const other = { ...bank(), metadata: { ...bank().metadata, name: "mint" } };
  other.errors = [{ code: 6100, name: "Even", msg: "It is even; make it odd" }];
  const table = await renderErrorTable([bank(), other]);
  assert.match(table, /^\/\*\*\n \* This code was AUTOGENERATED/);
  const [, json] = /PROGRAM_ERRORS = ([^]*) as const/.exec(table);
  const rows = new Function(`return ${json}`)();
  assert.deepEqual(rows, {
    6000: { program: "bank", name: "Odd", message: 'a "quote", a `tick`, ${braces} and \\' },
    6100: { program: "mint", name: "Even", message: "It is even; make it odd" },
  });
  await assert.rejects(renderErrorTable([bank(), bank()]), /6000 is an error of two programs/);
});
