import assert from "node:assert/strict";
import { test } from "vitest";

import { address, type ReadonlyUint8Array } from "@solana/kit";

import {
  entryOf,
  getBookTableDecoder,
  getBookTableSize,
  getIntervalPageTableDecoder,
  getIntervalPageTableSize,
  getPageTableDecoder,
  getPageTableSize,
  liveOrders,
  market,
  oracle,
  positionOf,
  TableError,
  WrongDiscriminatorError,
  WrongLengthError,
} from "../src/index.js";
import { assertIsFixture, bytes, fixture, rpcOf } from "./fixture.js";

const TABLES = [
  ["ledger", market.getLedgerDecoder()],
  ["history", market.getHistoryDecoder()],
  ["standing-orders", market.getStandingOrdersDecoder()],
  ["meters", oracle.getMeterTableDecoder()],
  ["interval-page", getIntervalPageTableDecoder()],
  ["book", getBookTableDecoder()],
  ["page", getPageTableDecoder()],
] as const;

for (const [name, decoder] of TABLES) {
  const { data, rows: expected } = fixture(`${name}.json`);
  const decode = (account: ReadonlyUint8Array) => decoder.decode(account);

  test(`the rows of a ${name} are those the program wrote`, () => {
    const table: any = decode(bytes(data));
    const rows = Object.keys(expected).map((kind) => [kind, table[kind]]);
    assertIsFixture(Object.fromEntries(rows), expected);
    // Rows of one kind are the last field of the header.
    const header = table.header ?? table;
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
    message: "the ledger has 200 bytes of 776; it must be grown with growTable first",
    table: "ledger",
  });
  assert.throws(() => getBookTableDecoder().decode(ledger), {
    name: "WrongDiscriminatorError",
    message: "the account is not a book; check its address",
  });
  assert.throws(() => getBookTableDecoder().decode(ledger), TableError);
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
  const book = getBookTableDecoder().decode(bytes(fixture("book.json").data));
  assert.equal(book.header.phase, market.Phase.Open);
  const live = liveOrders(book);
  assert.deepEqual(
    live.map(({ index, side }) => [index, side]),
    [
      [0, market.Side.Buy],
      [2, market.Side.Sell],
    ],
  );
  assert.equal(live[1]?.quantity, book.orders[2]?.quantity);
  assert.equal(live[1]?.clientId, book.orders[2]?.clientId);
});

test("a position is found by its window and its seat", () => {
  const page = getPageTableDecoder().decode(bytes(fixture("page.json").data));
  const { windows, seats } = page.header;
  assert.equal(positionOf(page, 0, 0), page.positions[0]);
  assert.equal(positionOf(page, 1, 2), page.positions[seats + 2]);
  assert.equal(positionOf(page, windows - 1, seats - 1), page.positions.at(-1));
  assert.equal(positionOf(page, 0, seats), undefined);
  assert.equal(positionOf(page, windows, 0), undefined);
  assert.equal(positionOf(page, 1, -1), undefined);
});

test("an entry is found by its meter and its interval, and taken apart", () => {
  const packed = [
    [0, 0],
    [7, 0x4000_0009],
    // A gap, measured, replaced: 1, 2, 3 in the two uppermost bits.
    [0x4000_0005, 0],
    [0xbfff_ffff, 0x7fff_ffff],
    [0xc000_0000, 0],
    [1, 2],
  ].map(([drawn = 0, fed = 0]) => ({ import: drawn, export: fed }));
  const header = { ...zeroPage, intervals: 3, capacity: 2 };
  const entry = (meter: number, interval: number) =>
    entryOf({ header, entries: packed }, meter, interval);
  const { Gap, Measured, Missing, Replaced } = oracle.Quality;
  const none = { import: 0, export: 0, isBoundaryKnown: false };
  assert.deepEqual(entry(0, 0), { ...none, quality: Missing });
  assert.deepEqual(entry(0, 1), {
    ...{ import: 7, export: 9 },
    ...{ quality: Missing, isBoundaryKnown: true },
  });
  assert.deepEqual(entry(0, 2), { ...none, import: 5, quality: Gap });
  assert.deepEqual(entry(1, 0), {
    ...{ import: 0x3fff_ffff, export: 0x3fff_ffff },
    ...{ quality: Measured, isBoundaryKnown: true },
  });
  assert.deepEqual(entry(1, 1), { ...none, quality: Replaced });
  assert.deepEqual(entry(1, 2), { ...none, import: 1, export: 2, quality: Missing });
  assert.equal(entry(0, 3), undefined);
  assert.equal(entry(2, 0), undefined);
  assert.equal(entry(1, -1), undefined);
});

const zeroPage = oracle
  .getIntervalPageDecoder()
  .decode(new Uint8Array(oracle.getIntervalPageSize()));

test("a table is as long as its sizes say", () => {
  const length = (name: string) => bytes(fixture(`${name}.json`).data).length;
  assert.equal(market.getLedgerSize(3), length("ledger"));
  assert.equal(market.getHistorySize(2), length("history"));
  assert.equal(market.getStandingOrdersSize(2), length("standing-orders"));
  assert.equal(oracle.getMeterTableSize(2), length("meters"));
  assert.equal(getIntervalPageTableSize({ capacity: 3, intervals: 2 }), length("interval-page"));
  assert.equal(getBookTableSize({ nodes: 1, ticks: 70, seats: 3, orders: 5 }), length("book"));
  assert.equal(getPageTableSize({ windows: 2, seats: 3 }), length("page"));
});

test("tables that are cut by hand are cut as the programs say", () => {
  assert.equal(
    market.BOOK_ROWS,
    "nodes: NodeState[nodes], seats: BookSeat[seats], blocks: Level[nodes * ceil(ticks / 64)], " +
      "levels: Level[nodes * ticks], orders: Order[orders]",
  );
  assert.equal(
    market.PAGE_ROWS,
    "windows: PageWindow[windows], positions: Position[windows * seats]",
  );
  assert.equal(
    oracle.INTERVAL_PAGE_ROWS,
    "registers: PageRegisters[capacity], entries: PageEntry[capacity * intervals]",
  );
});
