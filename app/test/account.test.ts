import { describe, expect, test } from "vitest";

import { accountOf, accountOfBill, detailed, sumOf } from "../src/bill/account";
import { billCsv } from "../src/bill/bill-csv";
import { decimalText, entered, entryText, priceOfCents } from "../src/household/entry";
import type { Schemas } from "../src/indexer/client";
import { milliAtomsOf } from "../src/indexer/money";

const DECIMALS = 6;
const money = (tokens: string): Schemas["Money"] => ({ tokens, milli_atoms: 0 });
const at = (atoms_per_kwh: number) => ({ atoms_per_kwh, tokens_per_kwh: "" });

const window: Schemas["WindowItem"] = {
  ...{ start: 900, phase: "allocated", is_certain: true, orders: 2, volume_wh: 1_000 },
  ...{ price: at(200_000), retail_price: at(300_000), feed_in_tariff: at(80_000) },
  ...{ grid_fee: at(20_000), market_fee: at(2_000) },
};
const position: Schemas["PositionItem"] = {
  ...{ start: 900, seat: 1, bought_wh: 1_000, sold_wh: 0, import_wh: 1_500, export_wh: 0 },
  ...{ earns: money("0"), locked: money("0"), paid: money("0.15"), meters: 1, meters_missing: 0 },
  ...{ is_certain: true, is_confirmed: true, is_final: false },
};

describe("an account", () => {
  test("given a window when drawn 1.5 kWh with 1 kWh bought then half a kWh is the supplier's, and fees are on what was bought", () => {
    const account = accountOf([position], [window], DECIMALS);
    expect(account.lines.bought).toEqual({ energy: 1_000, amount: 200_000_000n });
    expect(account.lines.gridFee.amount).toBe(20_000_000n);
    expect(account.lines.marketFee.amount).toBe(2_000_000n);
    expect(account.lines.short).toEqual({ energy: 500, amount: 150_000_000n });
    expect(account.total).toBe(372_000_000n);
    // 1.5 kWh at 30 ct.
    expect(account.compared).toEqual({ paid: 372_000_000n, alone: 450_000_000n });
    expect(account.flows).toEqual({
      ...{ own: 0, fromNeighbours: 1_000, fromSupplier: 500, toNeighbours: 0, toSupplier: 0 },
    });
    expect(account).toMatchObject({ provisional: 1, unsettled: 0, unheard: 0, isComplete: true });
  });

  test("given a seller when less was fed in than sold then what it earned, less what replaced it", () => {
    const sold = {
      ...position,
      ...{ bought_wh: 0, sold_wh: 1_000, import_wh: 0, export_wh: 800, paid: money("0.06") },
    };
    const account = accountOf([sold], [window], DECIMALS);
    expect(account.lines.sold).toEqual({ energy: 1_000, amount: -200_000_000n });
    expect(account.lines.short).toEqual({ energy: 200, amount: 60_000_000n });
    expect(account.total).toBe(-140_000_000n);
    expect(account.flows).toMatchObject({ toNeighbours: 800, toSupplier: 0 });
  });

  test("given a silent meter when accounted then what was paid stands apart", () => {
    const account = accountOf([{ ...position, meters_missing: 1 }], [window], DECIMALS);
    expect(account.lines.unheard.amount).toBe(150_000_000n);
    expect(account.lines.short.amount).toBe(0n);
    expect(account.unheard).toBe(1);
    // What is not known of it is not compared.
    expect(account.compared).toEqual({ paid: 0n, alone: 0n });
  });

  test("given values that are not settled yet when accounted then it says so", () => {
    const account = accountOf([{ ...position, paid: money("0") }], [window], DECIMALS);
    expect(account.unsettled).toBe(1);
    // Nobody is told to be worse off because a payment is on its way.
    expect(account.compared).toEqual({ paid: 0n, alone: 0n });
  });

  test("given a supplier's own window when accounted then nothing of it is outstanding, and no other supplier's prices are compared", () => {
    const own = { ...window, supplier: position.seat };
    const account = accountOf([{ ...position, paid: money("0") }], [own], DECIMALS);
    expect(account).toMatchObject({ unsettled: 0, compared: { paid: 0n, alone: 0n } });
    const anothers = { ...window, supplier: position.seat + 1 };
    expect(accountOf([{ ...position, paid: money("0") }], [anothers], DECIMALS).unsettled).toBe(1);
  });

  test("given a position whose window is not known when accounted then it is not complete", () => {
    expect(accountOf([position], [], DECIMALS)).toMatchObject({ windows: 0, isComplete: false });
  });

  test("given a bill when detailed by the same windows then with what the supplier alone would cost, and by others as it is", () => {
    const windows = accountOf([position], [window], DECIMALS);
    const bill = { ...windows, compared: undefined };
    expect(detailed(bill, windows).compared).toEqual(windows.compared);
    expect(detailed({ ...bill, total: 1n }, windows)).toEqual({ ...bill, total: 1n });
  });

  test("given bills of two months when added then a year's", () => {
    const bill = {
      ...{ seat: 1, household: null, bought: money("1"), sold: money("-0.5"), bought_wh: 10 },
      ...{ sold_wh: 5, import_wh: 20, export_wh: 6, grid_fee: money("0"), market_fee: money("0") },
      ...{ imbalance_short: money("0"), imbalance_long: money("0"), unheard: money("0") },
      ...{ after_silence: money("0"), pages_unknown: 0, unseen_import_wh: 0, unseen_export_wh: 0 },
      ...{ total: money("0.5"), windows: 3, windows_provisional: 1, windows_unheard: 0 },
      ...{ windows_unsettled: 0, isComplete: true, earlier_months: money("0") },
    };
    const month = accountOfBill(bill, DECIMALS);
    expect(sumOf([month, month])).toMatchObject({
      ...{ total: 1_000_000_000n, imported: 40, windows: 6, compared: undefined },
    });
    expect(sumOf([])).toBeUndefined();
  });
});

test("given a bill when written as CSV then exact amounts, and the total below", () => {
  const rows = billCsv({ account: accountOf([position], [window], DECIMALS) }, DECIMALS).split(
    "\r\n",
  );
  expect(rows[0]).toBe("line,energy_kwh,amount_tokens");
  expect(rows[1]).toBe("bought,1,0.2");
  expect(rows.at(-2)).toBe("total,,0.372");
});

test("given tokens as text when read then milli-atoms to the last digit", () => {
  expect(milliAtomsOf({ tokens: "-12.000000001" }, DECIMALS)).toBe(-12_000_000_001n);
  expect(milliAtomsOf({ tokens: "9007199254.740993" }, DECIMALS)).toBe(9_007_199_254_740_993_000n);
});

describe("what is typed", () => {
  test("given a comma when the language has one then it is the decimal mark", () => {
    expect(decimalText(" 1,5", "de")).toBe("1.5");
    expect(decimalText("1.5", "de")).toBe("1.5");
    expect(decimalText("1,5", "en")).toBe("1,5");
  });

  test("given cents when read then atoms per kWh, below zero too", () => {
    expect(priceOfCents("21.4", 6)).toBe(214_000);
    expect(priceOfCents("-1.5", 6)).toBe(-15_000);
    expect(Object.is(priceOfCents("-0", 6), 0)).toBe(true);
  });

  test("given a limit with all its digits when typed out and read then the same", () => {
    expect(entryText(214_567, 4, "de")).toBe("21,4567");
    expect(priceOfCents(decimalText(entryText(214_567, 4, "de"), "de"), 6)).toBe(214_567);
    expect(entryText(1_234_500, 3, "en")).toBe("1234.5");
  });

  test("given no number when read then nothing, and other faults go on", () => {
    expect(entered(() => priceOfCents("a lot", 6))).toBeUndefined();
    expect(() =>
      entered(() => {
        throw new TypeError("a fault");
      }),
    ).toThrow("a fault");
  });
});
