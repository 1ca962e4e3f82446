import assert from "node:assert/strict";
import { test } from "node:test";

import {
  decodeHistoryTable,
  decodeIntervalTable,
  decodeLedgerTable,
  decodeMeterRecords,
  decodeWindowTable,
  historyLength,
  intervalLength,
  ledgerLength,
  liveOrders,
  meterTableLength,
  Phase,
  Side,
  TableError,
  windowLength,
  WrongDiscriminatorError,
  WrongLengthError,
} from "../src/index.js";
import { assertIsFixture, bytes, fixture } from "./fixture.js";

const TABLES = [
  ["ledger", decodeLedgerTable],
  ["history", decodeHistoryTable],
  ["meters", decodeMeterRecords],
  ["interval", decodeIntervalTable],
  ["window", decodeWindowTable],
] as const;

for (const [name, decode] of TABLES) {
  const { data, rows: expected } = fixture(`${name}.json`);

  test(`the rows of a ${name} are those the program wrote`, () => {
    const { header, ...rows } = decode(bytes(data));
    assertIsFixture(rows, expected);
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
  assert.throws(() => decodeLedgerTable(ledger.slice(0, 200)), {
    name: "WrongLengthError",
    message: "the ledger has 200 bytes of 512; it must be grown with growTable first",
    table: "ledger",
  });
  assert.throws(() => decodeWindowTable(ledger), {
    name: "WrongDiscriminatorError",
    message: "the account is not a window; check its address",
  });
  assert.throws(() => decodeWindowTable(ledger), TableError);
});

test("live orders leave out cancelled ones and slots never used", () => {
  const window = decodeWindowTable(bytes(fixture("window.json").data));
  assert.equal(window.header.phase, Phase.Open);
  const live = liveOrders(window);
  assert.deepEqual(
    live.map(({ index, side }) => [index, side]),
    [
      [0, Side.Buy],
      [2, Side.Sell],
    ],
  );
  assert.equal(live[1]?.quantity, window.orders[2]?.quantity);
});

test("a table is as long as its sizes say", () => {
  const length = (name: string) => bytes(fixture(`${name}.json`).data).length;
  assert.equal(ledgerLength(3), length("ledger"));
  assert.equal(historyLength(2), length("history"));
  assert.equal(meterTableLength(2), length("meters"));
  assert.equal(intervalLength(3), length("interval"));
  assert.equal(windowLength({ nodes: 1, ticks: 70, seats: 3, orders: 5 }), length("window"));
});
