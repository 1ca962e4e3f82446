import assert from "node:assert/strict";
import { test } from "node:test";

import { visit } from "@codama/visitors-core";

import { bytemuckTypes, programTree } from "../program.mjs";
import {
  eventsOf,
  layoutsOf,
  messagesVisitor,
  plainNumbersVisitor,
  rowsVisitor,
  tablesOf,
  unitsVisitor,
  withoutLayoutsVisitor,
} from "../visitors.mjs";
import { bank } from "./idl.mjs";

const named = (nodes, name) => nodes.find((node) => node.name === name);
const names = (nodes) => nodes.map(({ name }) => name);
const withConstants = (...constants) => ({ ...bank(), constants });

test("an event is a type, with its docs, and is told by its discriminator", () => {
  const root = programTree(bank());
  const type = named(root.program.definedTypes, "deposited");
  assert.deepEqual(type.docs, ["Something came in."]);
  assert.deepEqual(names(type.type.fields), ["amount", "first"]);
  assert.deepEqual(eventsOf(root), [
    {
      ...{ name: "deposited", discriminator: [4, 0, 0, 0, 0, 0, 0, 0] },
      ...{ about: "amount", isNumbered: false },
    },
  ]);
});

test("accounts and constants keep their docs, constants their values", () => {
  const { accounts, constants } = programTree(bank()).program;
  assert.deepEqual(named(accounts, "coinTable").docs, ["One CoinTable."]);
  assert.deepEqual(named(constants, "maxCoins").docs, ["What a table holds."]);
  assert.equal(named(constants, "maxCoins").value.number, 512);
  assert.equal(named(constants, "coinTableRows").value.string, "coins: Coin[capacity]");
});

test("a constant that is no literal, or whose name would change, is refused by name", () => {
  const expression = { name: "SIZE", type: "u16", value: "16 * 8" };
  assert.throws(() => programTree(withConstants(expression)), /SIZE is no literal: 16 \* 8/);
  const odd = { name: "A_64_B", type: "u16", value: "1" };
  assert.throws(() => programTree(withConstants(odd)), /A_64_B would become A64_B/);
});

test("rows of one kind are the last field of their account, and their constant is gone", () => {
  const { accounts, constants } = visit(programTree(bank()), rowsVisitor()).program;
  const table = named(accounts, "coinTable");
  assert.deepEqual(names(table.data.fields), ["discriminator", "owner", "capacity", "coins"]);
  const { type } = table.data.fields.at(-1);
  assert.equal(type.item.name, "coin");
  assert.equal(type.count.kind, "remainderCountNode");
  // The account has no size of its own any more.
  assert.equal(table.size, undefined);
  assert.equal(named(constants, "coinTableRows"), undefined);
});

test("a table with rows of several kinds stays a header, and its constant stays", () => {
  const root = programTree(bank());
  const [, shelf] = tablesOf(root);
  assert.deepEqual(shelf.rows, [
    { name: "boxes", type: "coin", count: "boxes" },
    { name: "lids", type: "coin", count: "boxes * 2" },
  ]);
  const { accounts, constants } = visit(root, rowsVisitor()).program;
  assert.deepEqual(names(named(accounts, "shelf").data.fields), ["discriminator", "boxes"]);
  assert.equal(named(accounts, "shelf").size, 10);
  assert.ok(named(constants, "shelfRows"));
});

test("rows that nobody could read are refused by name", () => {
  const rows = (name, value) => () =>
    visit(programTree(withConstants({ name, type: "string", value })), rowsVisitor());
  assert.throws(rows("COIN_TABLE_ROWS", '"Coin, capacity times"'), /is not like "name: Type/);
  assert.throws(rows("DRAWER_ROWS", '"coins: Coin[capacity]"'), /drawerRows is about no account/);
  assert.throws(rows("COIN_TABLE_ROWS", '"coins: Coin[count]"'), /coinTable has no field count/);
});

test("a field gets its unit by its name and format, wherever it stands or in one type only", () => {
  const units = {
    cents: { format: "u64", fields: ["locked", "deposit.amount"] },
    grams: { format: "u32", fields: ["amount"] },
  };
  const { definedTypes, instructions } = visit(programTree(bank()), unitsVisitor(units)).program;
  const typeOf = (fields, name) => named(fields, name).type;
  const coin = named(definedTypes, "coin").type.fields;
  assert.equal(typeOf(coin, "locked").name, "cents");
  assert.equal(typeOf(coin, "id").format, "u64");
  assert.equal(typeOf(instructions[0].arguments, "amount").name, "cents");
  assert.equal(typeOf(named(definedTypes, "deposited").type.fields, "amount").format, "u64");
  // So that a type that holds it still has a size.
  assert.equal(named(definedTypes, "grams").type.format, "u32");
});

test("long numbers without a unit are refused by name, unless they are plain on purpose", () => {
  const check = (plain, ...fields) => {
    const idl = bank();
    idl.types.push({ name: "Safe", type: { kind: "struct", fields } });
    const units = { cents: { format: "u64", fields: ["locked", "amount"] } };
    return visit(visit(programTree(idl), unitsVisitor(units)), plainNumbersVisitor(plain));
  };
  const plain = { u64: ["id"] };
  assert.equal(check(plain).program.name, "bank");
  assert.throws(
    () => check({}),
    /^Error: numbers of bank without a unit: coin\.id \(u64\); name them in codegen\/units\.mjs/,
  );
  // By its format too, and short numbers need nothing.
  assert.throws(() => check({ i64: ["id"] }), /coin\.id \(u64\)/);
  const safe = (name, type) => () => check(plain, { name, type });
  assert.doesNotThrow(safe("shelves", "u16"));
  assert.throws(safe("opens", "i64"), /: safe\.opens \(i64\);/);
  assert.throws(safe("rent", "u32"), /: safe\.rent \(u32\);/);
  assert.throws(safe("days", { array: ["u32", 4] }), /: safe\.days \(u32\);/);
  assert.throws(safe("until", { option: "i64" }), /: safe\.until \(i64\);/);
  assert.throws(safe("debts", { vec: "i64" }), /: safe\.debts \(i64\);/);
  // A plain name may say of which type, and then holds for no other.
  const id = { name: "id", type: "u64" };
  assert.doesNotThrow(() => check({ u64: ["coin.id", "safe.id"] }, id));
  assert.throws(() => check({ u64: ["coin.id"] }, id), /: safe\.id \(u64\);/);
});

test("layouts are what bytemuck lays out, and enums that nothing refers to", () => {
  const root = programTree(bank());
  const layouts = layoutsOf(root, bytemuckTypes(bank()));
  assert.deepEqual([...layouts].sort(), ["coin", "coinState", "coinTable", "shelf"]);
  const { accounts, constants, definedTypes } = visit(root, withoutLayoutsVisitor(layouts)).program;
  assert.deepEqual([accounts, constants], [[], []]);
  assert.deepEqual(names(definedTypes).sort(), ["deposited", "kind"]);
});

test("messages are escaped in the tree", () => {
  const shout = visit(
    programTree(bank()),
    messagesVisitor((text) => text.toUpperCase()),
  );
  assert.match(shout.program.errors[0].message, /^A "QUOTE"/);
});
