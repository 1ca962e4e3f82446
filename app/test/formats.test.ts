import { describe, expect, test } from "vitest";

import { addDays, addMonths, dayBounds, dayOf, monthBounds, monthOf } from "../src/format/calendar";
import { Formats } from "../src/format/formats";

const english = new Formats({ locale: "en-GB", timeZone: "UTC", currency: "EUR", decimals: 6 });
const german = new Formats({
  ...{ locale: "de-AT", timeZone: "Europe/Vienna", currency: "EUR", decimals: 6 },
});

test("given Wh when shown then in kWh, with the language's decimal mark", () => {
  expect(english.energy(1_250)).toBe("1.25 kWh");
  expect(german.energy(1_250n)).toBe("1,25 kWh");
  expect(english.energy(500)).toBe("0.5 kWh");
});

test("given atoms per kWh when shown then in cents, below zero too", () => {
  expect(english.price(214_000)).toBe("21.4 ct/kWh");
  expect(english.price(-15_000)).toBe("-1.5 ct/kWh");
  expect(german.cents(214_000)).toBe("21,4");
});

test("given milli-atoms when shown then as money of the token's currency, exact beyond 2^53", () => {
  expect(english.money(1_234_567_000n)).toBe("€1.23");
  expect(english.fineMoney(1_234_567_000n)).toBe("€1.23");
  expect(english.fineMoney(-34_567_000n)).toBe("-€0.0346");
  expect(english.money(9_007_199_254_740_993_000_000_000n)).toBe("€9,007,199,254,740,993.00");
});

test("given a token that is no currency when money is shown then in tokens", () => {
  const formats = new Formats({ locale: "en", timeZone: "UTC", currency: null, decimals: 6 });
  expect(formats.money(1_500_000_000n)).toBe("1.50 tokens");
});

test("given a moment when shown then by the community's clock, whatever this machine's is", () => {
  const noon = Date.UTC(2026, 5, 1, 12) / 1000;
  expect(english.time(noon)).toBe("12:00");
  expect(german.time(noon)).toBe("14:00");
  expect(german.span(noon, noon + 900)).toBe("14:00–14:15");
});

test("given seconds when counted down then minutes and seconds, and never below zero", () => {
  expect(english.countdown(65.9)).toBe("1:05");
  expect(english.countdown(3_605)).toBe("1:00:05");
  expect(english.countdown(-3)).toBe("0:00");
});

describe("days of a time zone", () => {
  test("given the night before a day of UTC when asked in Vienna then it is that day already", () => {
    const moment = Date.UTC(2026, 10, 26, 23, 30) / 1000;
    expect(dayOf(moment, "UTC")).toBe("2026-11-26");
    expect(dayOf(moment, "Europe/Vienna")).toBe("2026-11-27");
    expect(monthOf(Date.UTC(2026, 10, 30, 23, 30) / 1000, "Europe/Vienna")).toBe("2026-12");
  });

  test("given the days on which clocks change when measured then 23 and 25 hours", () => {
    const hours = (day: string) => {
      const [since, until] = dayBounds(day, "Europe/Vienna");
      return (until - since) / 3600;
    };
    expect(hours("2026-03-29")).toBe(23);
    expect(hours("2026-10-25")).toBe(25);
    expect(hours("2026-07-01")).toBe(24);
  });

  test("given the end of a month or year when gone on then the next one", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addMonths("2026-01", -1)).toBe("2025-12");
    const [since, until] = monthBounds("2026-12", "Europe/Vienna");
    expect((until - since) / 86_400).toBe(31);
  });
});
