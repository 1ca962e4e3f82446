import assert from "node:assert/strict";
import { test } from "node:test";

import { address, type ReadonlyUint8Array } from "@solana/kit";

import {
  getWindowTableDecoder,
  getWindowTableSize,
  liveOrders,
  market,
  oracle,
  TableError,
  WrongDiscriminatorError,
  WrongLengthError,
} from "../src/index.js";
import { assertIsFixture, bytes, fixture, rpcOf } from "./fixture.js";

const TABLES = [
  ["ledger", market.getLedgerDecoder()],
  ["history", market.getHistoryDecoder()],
  ["meters", oracle.getMeterTableDecoder()],
  ["interval", oracle.getIntervalDecoder()],
  ["window", getWindowTableDecoder()],
] as const;

for (const [name, decoder] of TABLES) {
  const { data, rows: expected } = fixture(`${name}.json`);
  const decode = (account: ReadonlyUint8Array) => decoder.decode(account);

  test(`the rows of a ${name} are those the program wrote`, () => {
    const table: any = decode(bytes(data));
    const rows = Object.keys(expected).map((kind) => [kind, table[kind]]);
    assertIsFixture(Object.fromEntries(rows), expected);
    const header = name === "window" ? table.header : table;
    assert.equal(header.version, 1);
  });

  test(`a ${name} of another length or kind is refused by name`, () => {
    const whole = bytes(data);
    for (const length of [8, 20, whole.length - 1]) {
      assert.throws(() => decode(whole.slice(0, length)), WrongLengthError);
    }
    assert.throws(() => decode(new Uint8Array([...whole, 0])), WrongLengthError);
    assert.throws(() => decode(new Uint8Array()), WrongDiscriminatorError);
    assert.throws(() => decode(whole.slice(1)), WrongDiscriminatorError);
  });
}

test("an error says which table was expected and what to do", () => {
  const ledger = bytes(fixture("ledger.json").data);
  assert.throws(() => market.getLedgerDecoder().decode(ledger.slice(0, 200)), {
    name: "WrongLengthError",
    message: "the ledger has 200 bytes of 632; it must be grown with growTable first",
    table: "ledger",
  });
  assert.throws(() => getWindowTableDecoder().decode(ledger), {
    name: "WrongDiscriminatorError",
    message: "the account is not a window; check its address",
  });
  assert.throws(() => getWindowTableDecoder().decode(ledger), TableError);
});

test("a table that is fetched is checked too", async () => {
  const { data } = fixture("ledger.json");
  const at = address("11111111111111111111111111111111");
  const ledger = await market.fetchLedger(rpcOf({ [at]: bytes(data) }), at);
  assert.deepEqual(ledger.data, market.getLedgerDecoder().decode(bytes(data)));
  const young = rpcOf({ [at]: bytes(data).slice(0, 200) });
  // kit tells no more than this; the decoder says why.
  await assert.rejects(market.fetchLedger(young, at), /Failed to decode account data/);
});

test("live orders leave out cancelled ones and slots never used", () => {
  const window = getWindowTableDecoder().decode(bytes(fixture("window.json").data));
  assert.equal(window.header.phase, market.Phase.Open);
  const live = liveOrders(window);
  assert.deepEqual(
    live.map(({ index, side }) => [index, side]),
    [
      [0, market.Side.Buy],
      [2, market.Side.Sell],
    ],
  );
  assert.equal(live[1]?.quantity, window.orders[2]?.quantity);
});

test("a table is as long as its sizes say", () => {
  const length = (name: string) => bytes(fixture(`${name}.json`).data).length;
  assert.equal(market.getLedgerSize(3), length("ledger"));
  assert.equal(market.getHistorySize(2), length("history"));
  assert.equal(oracle.getMeterTableSize(2), length("meters"));
  assert.equal(oracle.getIntervalSize(3), length("interval"));
  assert.equal(getWindowTableSize({ nodes: 1, ticks: 70, seats: 3, orders: 5 }), length("window"));
});

test("the window is cut as the program says", () => {
  assert.equal(
    market.WINDOW_ROWS,
    "nodes: NodeState[nodes], blocks: Level[nodes * ceil(ticks / 64)], levels: Level[nodes * ticks], " +
      "positions: Position[seats], orders: Order[orders]",
  );
});
