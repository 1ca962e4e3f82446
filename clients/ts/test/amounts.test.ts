import assert from "node:assert/strict";

import fc from "fast-check";
import { test } from "vitest";

import {
  atoms,
  curvesOf,
  enteredOrder,
  formatAtoms,
  formatDecimal,
  formatKwh,
  formatMoney,
  formatPrice,
  kWh,
  kWhSum,
  market,
  milliAtoms,
  parseDecimal,
  price,
  priceAt,
  tokens,
  tokensPerKwh,
  UnitError,
  wh,
  whSum,
  type PriceGrid,
} from "../src/index.js";

const token = { decimals: 6 };
const decimals = fc.integer({ min: 0, max: 12 });

test("given amounts in decimals when they are converted then exactly", () => {
  assert.equal(kWh("1.5"), 1500);
  assert.equal(kWh("0.001"), 1);
  assert.equal(kWhSum("18446744073709551.615"), 2n ** 64n - 1n);
  assert.equal(tokens(token, "25.5"), 25_500_000n);
  assert.equal(tokensPerKwh(token, "-0.05"), -50_000);
  assert.equal(formatKwh(wh(1500)), "1.5");
  assert.equal(formatPrice(token, price(-50_000)), "-0.05");
  assert.equal(formatAtoms(token, atoms(25_500_000)), "25.5");
  assert.equal(formatMoney(token, milliAtoms(348_150_000)), "0.34815");
  assert.ok(Object.is(tokensPerKwh(token, "-0"), 0));
});

for (const text of [
  "",
  " ",
  "1,5",
  "1e3",
  "0x10",
  "٣",
  "1.",
  ".5",
  "+1",
  "--1",
  "1.0001",
  "NaN",
  "1 000",
])
  test(`given "${text}" when it is read as kWh then it is refused`, () => {
    assert.throws(() => kWh(text), UnitError);
  });

test("given too much when it is read then it is refused and not cut", () => {
  for (const text of ["4294967.296", "99999999999999999999999"])
    assert.throws(() => kWh(text), UnitError);
  for (const text of ["2147.483648", "-2147.483649", "99999999999999999999"])
    assert.throws(() => tokensPerKwh(token, text), UnitError);
  assert.throws(() => tokens(token, "18446744073709.551616"), UnitError);
  assert.throws(() => kWh("-1"), UnitError);
});

test("given any units when they are written and read then they are the same", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), decimals, (units, places) => {
      assert.equal(parseDecimal(formatDecimal(units, places), places), units);
    }),
  );
});

test("given any decimal number when it is read then it is the number times a power of ten", () => {
  const digits = (minLength: number) =>
    fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength: 12 })
      .map((all) => all.join(""));
  fc.assert(
    fc.property(digits(1), digits(1), fc.integer({ min: 0, max: 6 }), (whole, fraction, more) => {
      const places = fraction.length + more;
      // By hand: shift the point, fill up with zeros.
      const expected = BigInt(whole + fraction + "0".repeat(more));
      assert.equal(parseDecimal(`${whole}.${fraction}`, places), expected);
      const tooFew = fraction.length - 1;
      assert.throws(() => parseDecimal(`${whole}.${fraction}`, tooFew), UnitError);
    }),
  );
});

test("given any price when it is written and read then it is the same", () => {
  const prices = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  fc.assert(
    fc.property(prices, fc.integer({ min: 0, max: 9 }), (at, places) => {
      const of = { decimals: places };
      assert.equal(tokensPerKwh(of, formatPrice(of, price(at))), at);
    }),
  );
});

const grids = fc
  .record({
    floorPrice: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    tickSize: fc.integer({ min: 1, max: 5_000 }),
    ticks: fc.integer({ min: 1, max: 500 }),
  })
  .map((grid): PriceGrid => grid);

test("given any grid and limit when orders are entered then a buy pays no more, a sell takes no less, and no tick is nearer", () => {
  fc.assert(
    fc.property(grids, fc.integer({ min: -3_000_000, max: 4_000_000 }), (grid, at) => {
      const limit = price(at);
      const prices = Array.from(
        { length: grid.ticks },
        (_, place) => grid.floorPrice + place * grid.tickSize,
      );
      const below = prices.filter((each) => each <= limit);
      const above = prices.filter((each) => each >= limit);
      const bid = () => enteredOrder(grid, token, { buy: wh(1), atMost: limit });
      const offer = () => enteredOrder(grid, token, { sell: wh(1), atLeast: limit });
      if (below.length === 0) assert.throws(bid, UnitError);
      else assert.equal(priceAt(grid, bid().tick), below.at(-1));
      if (above.length === 0) assert.throws(offer, UnitError);
      else assert.equal(priceAt(grid, offer().tick), above[0]);
    }),
  );
});

test("given a limit between two ticks when it is entered then buying and selling round apart", () => {
  const grid = { floorPrice: 50_000, tickSize: 2_000, ticks: 128 };
  const bid = enteredOrder(grid, token, { buy: "1.5", atMost: "0.171" });
  const offer = enteredOrder(grid, token, { sell: "1.5", atLeast: "0.171" });
  assert.deepEqual([bid.side, bid.tick, bid.quantity], [market.Side.Buy, 60, 1500]);
  assert.deepEqual([offer.side, offer.tick, offer.quantity], [market.Side.Sell, 61, 1500]);
  // @ts-expect-error What is bought has no price that is at least taken.
  assert.throws(() => enteredOrder(grid, token, { buy: "1.5", atLeast: "0.171" }));
});

test("given orders at some ticks when curves are drawn then demand falls and supply rises", () => {
  const levels = [
    [5, 0],
    [0, 2],
    [3, 4],
    [0, 0],
  ].map(([buy, sell]) => ({ buy: whSum(buy!), sell: whSum(sell!) }));
  const header = { floorPrice: price(100), tickSize: 10, ticks: 4 } as market.Book;
  const { demand, supply } = curvesOf({ header, levels });
  assert.deepEqual(demand, [
    { price: 100, energy: 8n },
    { price: 120, energy: 3n },
  ]);
  assert.deepEqual(supply, [
    { price: 110, energy: 2n },
    { price: 120, energy: 6n },
  ]);
});
