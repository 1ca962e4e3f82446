import { ALL_HALF_HOURS, market, price, standingRule, wh } from "@joulebook/client";
import i18next from "i18next";
import { describe, expect, test } from "vitest";

import { Formats } from "../src/format/formats";
import { ruleSentence } from "../src/household/standing/sentence";
import { halfHoursOf, ruleOf, spanOf, type Wish } from "../src/household/standing/rule";

const terms = { short: 300_000, long: 80_000, gridFee: 20_000, feeBps: 100, minLock: 10_000 };
const formats = new Formats({ locale: "en", timeZone: "UTC", currency: "EUR", decimals: 6 });
const wish: Wish = {
  ...{ side: "sell", amount: "dayBefore", limit: price(120_000), from: 20, to: 32 },
  daily: wh(10_000),
};
const said = (of: Wish) => ruleSentence(standingRule(ruleOf(of, terms, 1)), i18next.t, formats);

describe("half hours", () => {
  test("given ten to sixteen when made bits then those alone, and read back", () => {
    const bits = halfHoursOf(20, 32);
    expect(bits).toBe(0xfffn << 20n);
    expect(spanOf(bits)).toEqual([20, 32]);
  });

  test("given an evening that goes over midnight when made bits then both ends, and read back", () => {
    const bits = halfHoursOf(44, 4);
    expect(bits).toBe((0xfn << 44n) | 0xfn);
    expect(spanOf(bits)).toEqual([44, 4]);
  });

  test("given a whole day when made bits then all, and read back", () => {
    expect(halfHoursOf(0, 48)).toBe(ALL_HALF_HOURS);
    expect(spanOf(ALL_HALF_HOURS)).toEqual([0, 48]);
  });

  test("given hours in two pieces, or none, when read then no span", () => {
    expect(spanOf(0b1001n)).toBeUndefined();
    expect(spanOf(0n)).toBeUndefined();
  });
});

test("given an offer of what was fed in when made a rule then it is bounded by energy and by what that locks", () => {
  const rule = ruleOf(wish, terms, 1);
  expect(rule).toMatchObject({
    ...{ side: market.Side.Sell, limit: 120_000, limitKind: market.LimitKind.Fixed },
    quantity: { kind: market.QuantityKind.DayBefore, basisPoints: 10_000 },
    // The retail price, with a fifth more for prices that are posted later.
    ...{ unitLockCap: 360_000, energyCap: 10_000n, lockCap: 3_600_000_000n },
  });
});

test("given a bid that is never dearer than the supplier when made a rule then its limit leaves room for all fees", () => {
  // 2 ct for the grid, 1% of 30 ct for the market.
  expect(ruleOf({ ...wish, side: "buy", limit: "supplier" }, terms, 1)).toMatchObject({
    ...{ side: market.Side.Buy, limit: -23_000, limitKind: market.LimitKind.Short },
  });
});

test("given rules when said then in words", () => {
  expect(said(wish)).toBe(
    "Sell as much as you fed in at that time the day before, for at least 12.0 ct/kWh, from 10:00 to 16:00.",
  );
  expect(said({ ...wish, limit: "supplier", amount: wh(250), from: 0, to: 48 })).toBe(
    "Sell 0.25 kWh in each window, for at least what the supplier pays, all day.",
  );
  expect(said({ ...wish, side: "buy", limit: "supplier" })).toContain(
    "for at most what the supplier asks, less 2.3 ct/kWh",
  );
});
