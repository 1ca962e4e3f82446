import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "vitest";

import { createClient } from "@solana/kit";

import { market, oracle, registry } from "../src/index.js";

// Compiled tests lie in dist/test.
const idl = (program: string) =>
  JSON.parse(readFileSync(new URL(`../../../idl/${program}.json`, import.meta.url), "utf8"));

test("each client speaks to the program of its IDL", () => {
  assert.equal(registry.REGISTRY_PROGRAM_ADDRESS, idl("registry").address);
  assert.equal(oracle.ORACLE_PROGRAM_ADDRESS, idl("oracle").address);
  assert.equal(market.MARKET_PROGRAM_ADDRESS, idl("market").address);
});

test("every error of a program has its message", () => {
  for (const { code, msg } of idl("registry").errors)
    assert.equal(registry.getRegistryErrorMessage(code), msg);
  for (const { code, msg } of idl("oracle").errors)
    assert.equal(oracle.getOracleErrorMessage(code), msg);
  for (const { code, msg } of idl("market").errors)
    assert.equal(market.getMarketErrorMessage(code), msg);
});

test("every event of the oracle is told by its discriminator", () => {
  for (const { name, discriminator } of idl("oracle").events) {
    const event = oracle.decodeOracleEvent(
      new Uint8Array([...discriminator, ...new Uint8Array(512)]),
    );
    assert.equal(event?.kind, name);
  }
  assert.equal(oracle.decodeOracleEvent(new Uint8Array(64)), undefined);
});

test("the programs are plugins of one kit client", async () => {
  const stubs = {} as market.MarketPluginRequirements & oracle.OraclePluginRequirements;
  const client = createClient()
    .use((empty) => ({ ...empty, ...stubs, note: "kept" }))
    .use(market.marketProgram())
    .use(oracle.oracleProgram());
  const seeds = { market: market.MARKET_PROGRAM_ADDRESS };
  assert.deepEqual(await client.market.pdas.ledger(seeds), await market.findLedgerPda(seeds));
  assert.equal(client.note, "kept");
  assert.equal(typeof client.oracle.accounts.intervalPage.fetch, "function");
});
