import { describe, expect, test } from "vitest";

import { Formats } from "../src/format/formats";
import { boundsOf, monthsOf, periodOf, titleOf } from "../src/format/period";

const formats = new Formats({ locale: "en-GB", timeZone: "UTC", currency: "EUR", decimals: 6 });

describe("a period", () => {
  test("given a day when others are asked for then so many before", () => {
    expect(periodOf("2026-11-27", "day", 27)).toEqual({ kind: "day", name: "2026-10-31" });
    expect(periodOf("2026-11-27", "month", 11)).toEqual({ kind: "month", name: "2025-12" });
    expect(periodOf("2026-11-27", "year", 1)).toEqual({ kind: "year", name: "2025" });
  });

  test("given a year when its bounds are asked then from one New Year to the next, by the community's clocks", () => {
    const [since, until] = boundsOf({ kind: "year", name: "2026" }, "Europe/Vienna");
    expect(new Date(since * 1000).toISOString()).toBe("2025-12-31T23:00:00.000Z");
    expect(until - since).toBe(365 * 86_400);
  });

  test("given a year that is not over when its months are asked then those so far", () => {
    expect(monthsOf("2026", "2026-03-14")).toEqual(["2026-01", "2026-02", "2026-03"]);
    expect(monthsOf("2025", "2026-03-14")).toHaveLength(12);
  });

  test("given a day when it is told then with its year", () => {
    expect(titleOf({ kind: "day", name: "2026-11-27" }, formats)).toBe("Friday, 27 November 2026");
    expect(titleOf({ kind: "month", name: "2026-11" }, formats)).toBe("November 2026");
  });
});

describe("a period that is looked back at", () => {
  test("given a day in January when looked back then over the year's end", () => {
    expect(periodOf("2026-01-01", "day", 1).name).toBe("2025-12-31");
    expect(periodOf("2026-01-31", "month", 2).name).toBe("2025-11");
    expect(periodOf("2026-01-31", "year", 1).name).toBe("2025");
  });

  test("given a year in Vienna when bounded then from its midnight to the next one's", () => {
    expect(boundsOf({ kind: "year", name: "2026" }, "Europe/Vienna")).toEqual([
      Date.parse("2025-12-31T23:00:00Z") / 1000,
      Date.parse("2026-12-31T23:00:00Z") / 1000,
    ]);
  });

  test("given a year that goes on when its months are asked then those that have begun", () => {
    expect(monthsOf("2026", "2026-03-01")).toEqual(["2026-01", "2026-02", "2026-03"]);
    expect(monthsOf("2025", "2026-03-01")).toHaveLength(12);
  });
});
