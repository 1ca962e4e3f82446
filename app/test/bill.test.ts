import { type BillLine } from "@joulebook/client";
import i18next from "i18next";
import { beforeEach, describe, expect, test } from "vitest";

import { sumOf, type Account } from "../src/bill/account";
import { changeOf, kindOf, stateOf } from "../src/bill/bill";
import { changedSince, keepBill } from "../src/bill/kept";
import { comparisonOf, notesOf } from "../src/bill/sentences";
import { Formats } from "../src/format/formats";
import { account, bill, EURO } from "./bill-example";

const formats = new Formats({ locale: "en-GB", timeZone: "UTC", currency: "EUR", decimals: 6 });
const words = { t: i18next.t, formats };

describe("a bill's state", () => {
  test("given all windows final when asked then it is final, and before that settled while corrections may come", () => {
    expect(stateOf(bill())).toBe("final");
    expect(stateOf(bill({ account: account({ provisional: 4 }) }))).toBe("settled");
  });

  test("given what is missing when asked then it is a preview", () => {
    const previews = [
      bill({ isOver: false }),
      bill({ account: account({ unsettled: 1 }) }),
      bill({ account: account({ unheard: 1, provisional: 1 }) }),
      bill({ account: account({ isComplete: false }) }),
    ];
    expect(previews.map(stateOf)).toEqual(Array(4).fill("preview"));
    expect(previews.map(kindOf)).toEqual(Array(4).fill("preview"));
  });

  test("given a meter that was never heard when all is final then the bill is final all the same", () => {
    expect(stateOf(bill({ account: account({ unheard: 1 }) }))).toBe("final");
  });

  test("given a bill that is not over when its notes are read then the first says that it is a preview", () => {
    const running = bill({ isOver: false, account: account({ provisional: 2 }), corrected: 1 });
    expect(notesOf(running, words)).toEqual([
      "Preview.",
      "This period is not over yet.",
      "2 windows may still change, as long as meter values can be corrected.",
      "In 1 window the community’s verifier corrected your meter’s value.",
    ]);
  });
});

describe("a bill that was kept", () => {
  beforeEach(() => localStorage.clear());

  const corrected = (amount: bigint) => {
    const { lines } = account();
    return account({
      lines: { ...lines, short: { energy: 1, amount } },
      total: 2n * EURO + amount,
    });
  };

  test("given less to pay when it is looked at again then a credit note says how much, and more is an addition", () => {
    keepBill(bill());
    const less = { ...bill({ account: corrected(-EURO / 2n) }) };
    const credit = bill({ ...less, kept: changedSince(less) });
    expect([kindOf(credit), changeOf(credit)]).toEqual(["credit", -EURO / 2n]);
    expect(notesOf(credit, words).at(-1)).toBe(
      "It is €0.50 less than on the bill that you saved on 18 November 2026, because values were corrected.",
    );
    const more = bill({ account: corrected(EURO) });
    expect(kindOf(bill({ ...more, kept: changedSince(more) }))).toBe("addition");
  });

  test("given the same amounts, another month or a preview when looked at then nothing has changed", () => {
    keepBill(bill({ isOver: false }));
    expect(changedSince(bill({ account: corrected(1n) }))).toBeUndefined();
    keepBill(bill());
    expect(changedSince(bill())).toBeUndefined();
    const other = bill({ period: { kind: "month", name: "2026-09" }, account: corrected(1n) });
    expect(changedSince(other)).toBeUndefined();
  });

  test("given something else in the storage when looked at then it is no bill", () => {
    for (const text of ["", "{", "null", '{"keptAt":1,"amounts":{"bought":"x"}}', '{"keptAt":1}']) {
      localStorage.setItem("joulebook.bill.Market.3.2026-10", text);
      expect(changedSince(bill())).toBeUndefined();
    }
  });
});

describe("a year", () => {
  test("given months that are compared when added then the year is, and one that is not makes it unknown", () => {
    expect(sumOf([account(), account()])!.compared).toEqual({ paid: 4n * EURO, alone: 6n * EURO });
    expect(sumOf([account(), account({ compared: undefined })])!.compared).toBeUndefined();
  });

  test("given energies of lines when added then their sum, and unknown where one with money is", () => {
    const line = (name: BillLine, all: Account) => all.lines[name].energy;
    expect(line("bought", sumOf([account(), account()])!)).toBe(20_000);
    const { lines } = account();
    const unknown = account({ lines: { ...lines, bought: { energy: undefined, amount: EURO } } });
    expect(line("bought", sumOf([account(), unknown])!)).toBeUndefined();
    const nothing = account({ lines: { ...lines, bought: { energy: undefined, amount: 0n } } });
    expect(line("bought", sumOf([account(), nothing])!)).toBe(10_000);
  });

  test("given a comparison when told then what was saved, and of which windows if not of all", () => {
    const told = comparisonOf(account(), words);
    expect(told).toBe("With the supplier alone it would be €3.00: you are €1.00 better off.");
    const some = account({ unheard: 1, compared: { paid: EURO, alone: EURO / 2n } });
    expect(comparisonOf(some, words)).toBe(
      "The windows that are settled come to €1.00. With the supplier alone it would be €0.50: you are €0.50 worse off.",
    );
    expect(comparisonOf(account({ compared: undefined }), words)).toBeUndefined();
    const nothing = account({ compared: { paid: 0n, alone: 0n } });
    expect(comparisonOf(nothing, words)).toBeUndefined();
  });
});
