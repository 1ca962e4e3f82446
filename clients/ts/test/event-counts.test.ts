import assert from "node:assert/strict";
import { test } from "vitest";
import type { Address } from "@solana/kit";

import { type Counter, counterOf, EventCounts, type ProgramEvent } from "../src/index.js";
import { fixture } from "./fixture.js";

const ABOUT = "11111111111111111111111111111111" as Address;

function numbered(program: string, kind: string, number: bigint, about = ABOUT): ProgramEvent {
  const data = { community: about, meterTable: about, market: about, number };
  return { program, kind, data } as unknown as ProgramEvent;
}

const deposited = (number: bigint, about = ABOUT) => numbered("market", "Deposited", number, about);
const ledger: Counter = { account: "ledger", about: ABOUT };

test("each event is counted where its program counts it", () => {
  for (const { program, account, kinds } of fixture("event-counters.json")) {
    const expected = account[0].toLowerCase() + account.slice(1);
    for (const kind of kinds)
      assert.deepEqual(
        counterOf(numbered(program, kind, 0n)),
        { account: expected, about: ABOUT },
        kind,
      );
  }
});

test("events one after the other have no gap", () => {
  const counts = new EventCounts();
  for (const number of [0n, 1n, 2n]) assert.equal(counts.take(deposited(number)), undefined);
  assert.equal(counts.read(ledger, 3n), undefined);
});

test("a number too high tells which are missing, once", () => {
  const counts = new EventCounts();
  counts.read(ledger, 17n);
  assert.equal(counts.take(deposited(17n)), undefined);
  assert.deepEqual(counts.take(deposited(19n)), { ...ledger, from: 18n, until: 19n });
  assert.equal(counts.take(deposited(20n)), undefined);
});

test("an account that counts more than was seen tells which are missing, once", () => {
  const counts = new EventCounts();
  counts.take(deposited(0n));
  assert.deepEqual(counts.read(ledger, 5n), { ...ledger, from: 1n, until: 5n });
  assert.equal(counts.read(ledger, 5n), undefined);
  assert.equal(counts.take(deposited(5n)), undefined);
});

test("accounts count each for itself", () => {
  const counts = new EventCounts();
  const other = "SysvarC1ock11111111111111111111111111111111" as Address;
  assert.equal(counts.take(deposited(0n)), undefined);
  assert.equal(counts.take(deposited(0n, other)), undefined);
  assert.equal(counts.take(numbered("market", "TermsChanged", 0n)), undefined);
  assert.equal(counts.take(numbered("registry", "PauseChanged", 0n)), undefined);
  assert.equal(counts.take(deposited(1n)), undefined);
});

test("an event seen again changes nothing, number 0 begins anew", () => {
  const counts = new EventCounts();
  for (const number of [0n, 1n, 2n, 1n, 3n])
    assert.equal(counts.take(deposited(number)), undefined);
  assert.equal(counts.take(deposited(0n)), undefined);
  assert.deepEqual(counts.take(deposited(3n)), { ...ledger, from: 1n, until: 3n });
});

test("an event without a number is not counted", () => {
  const data = { market: ABOUT, window: 0n };
  const cleared = { program: "market", kind: "WindowCleared", data } as unknown as ProgramEvent;
  assert.equal(counterOf(cleared), undefined);
  assert.equal(new EventCounts().take(cleared), undefined);
});
