// A household's parts by themselves: what they say of what the chain and the indexer told.

import { market, registry, standingRule, wh, type Lock } from "@joulebook/client";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { FormatsProvider } from "../src/format/use-formats";
import { ActionNote } from "../src/household/ActionNote";
import { Agent } from "../src/household/Agent";
import type { NumberedSeat } from "../src/household/Guard";
import { stateOf } from "../src/household/OrderList";
import { limitIn, windowsOf } from "../src/household/standing/curve";
import { ruleOf } from "../src/household/standing/rule";
import { StandingCurve } from "../src/household/standing/StandingCurve";
import { WishForm } from "../src/household/standing/WishForm";
import { stepsOf } from "../src/household/start-steps";
import { Balance } from "../src/household/today/Balance";
import { DayWindows } from "../src/household/today/DayWindows";
import { qualityOf } from "../src/household/today/quality";
import type { Action, ActionState } from "../src/household/use-action";
import type { Schemas } from "../src/indexer/client";
import { windowWith } from "./window";

const { entered, locks } = vi.hoisted(() => ({
  entered: { orders: [] as unknown[], delegates: [] as unknown[] },
  locks: { data: [] as unknown[] },
}));
vi.mock("../src/household/context", () => ({
  useHousehold: () => ({
    market: {
      token: { decimals: 6 },
      parameters: { windowSeconds: 900 },
      owner: "Stake11111111111111111111111111111111111111",
    },
    stages: new Set(),
  }),
}));
vi.mock("../src/household/use-action", () => ({
  useAction: () => ({
    state: { stage: "idle" },
    isBusy: false,
    run: async (_: string, act: (options: object) => Promise<unknown>) => (await act({}), true),
    reset: () => {},
  }),
}));
vi.mock("../src/household/standing/use-day-before", () => ({ useDayBefore: () => undefined }));
vi.mock("../src/household/queries", () => ({ useLocks: () => locks }));
vi.mock("../src/chain/market-context", () => ({
  useConfiguration: () => ({ explorer: "https://explorer.example/tx/{signature}" }),
  useNow: () => 86_400 * 5,
}));
vi.mock("@joulebook/client", async (original) => ({
  ...(await original<object>()),
  setStandingOrders: async (_market: unknown, orders: unknown) => entered.orders.push(orders),
  setDelegate: async (_market: unknown, wallet: unknown, bounds: unknown) =>
    entered.delegates.push([wallet, bounds]),
}));

beforeEach(() => {
  entered.orders = [];
  entered.delegates = [];
});
afterEach(() => vi.clearAllMocks());

const shown = (part: ReactNode) =>
  render(
    <FormatsProvider timeZone="UTC" currency="EUR" decimals={6}>
      {part}
    </FormatsProvider>,
  );
const cellsOf = (name: string) =>
  within(screen.getByRole("table", { name, hidden: true }))
    .getAllByRole("row", { hidden: true })
    .slice(1)
    .map((row) => [...row.children].map(({ textContent }) => textContent));

const seat = {
  ...{ number: 3, delegate: "11111111111111111111111111111111", owing: [] },
  ...{ free: 18_200_000_000n, locked: 0n, held: 0n, delegateDay: 0, delegateLocked: 0n },
  delegateBounds: { dailyLimit: 0n, highestBuy: 0, lowestSell: 0 },
} as unknown as NumberedSeat;

describe("what meter values are worth", () => {
  const of = (meters: number, meters_missing: number, is_final: boolean, told?: string[]) =>
    qualityOf({ meters, meters_missing, is_final }, told);

  test("given values of each kind when named then by the oracle, and by the position where that is silent", () => {
    expect(of(1, 0, true, ["measured"])).toBe("measured");
    expect(of(2, 0, true, ["measured", "replaced"])).toBe("substitute");
    expect(of(1, 1, false, ["gap"])).toBe("sum");
    expect(of(1, 1, false, ["missing"])).toBe("missing");
    expect(of(1, 1, true, ["missing"])).toBe("estimated");
    expect(of(1, 0, false)).toBe("measured");
    expect(of(0, 0, true)).toBeUndefined();
  });

  test("given a day with a value that is missing and one that was set when shown then counted in words, and in each row of the table", () => {
    const money: Schemas["Money"] = { tokens: "0", milli_atoms: 0 };
    const position = (start: number, change: Partial<Schemas["PositionItem"]>) => ({
      ...{ start, seat: 1, bought_wh: 0, sold_wh: 0, import_wh: 500, export_wh: 0 },
      ...{ earns: money, locked: money, paid: money, meters: 1, meters_missing: 0 },
      ...{ is_certain: true, is_confirmed: true, is_final: false },
      ...change,
    });
    shown(
      <DayWindows
        positions={[
          position(0, { is_final: true }),
          position(900, {}),
          position(1_800, { meters_missing: 1, import_wh: 0 }),
        ]}
        windows={[]}
        told={new Map([[900, ["replaced"]]])}
        bounds={[0, 86_400]}
        seconds={900}
      />,
    );
    expect(screen.getByText(/in 1 window. The community’s verifier has set a value/)).toBeTruthy();
    expect(cellsOf("Window by window").map((row) => [row[1], row.at(-1)])).toEqual([
      ["–", " missing"],
      ["0.5 kWh", " substitute"],
      ["0.5 kWh", " measured, final"],
    ]);
  });
});

describe("a standing order before it is signed", () => {
  const terms = { short: 300_000, long: 80_000, gridFee: 20_000, feeBps: 100, minLock: 10_000 };
  const wish = { side: "sell", limit: "supplier", from: 20, to: 22, daily: wh(1_000) } as const;
  const fixed = standingRule(ruleOf({ ...wish, amount: wh(300) }, terms, 1));
  const before = standingRule(ruleOf({ ...wish, amount: "dayBefore" }, terms, 1));

  test("given an hour of four windows when drawn then what its cap of the day leaves of the last", () => {
    expect(windowsOf(fixed, 900, undefined)).toEqual([
      { at: 36_000, energy: 300 },
      { at: 36_900, energy: 300 },
      { at: 37_800, energy: 300 },
      { at: 38_700, energy: 100 },
    ]);
  });

  test("given what was fed in the day before when drawn then that, and where it is not known nothing is made up", () => {
    const known = new Map([[36_000, 40]]);
    expect(windowsOf(before, 1_800, known)).toEqual([
      { at: 36_000, energy: 40 },
      { at: 37_800, energy: undefined },
    ]);
  });

  test("given limits by the supplier's prices when drawn then as high as those are now", () => {
    expect(limitIn(before, terms)).toBe(80_000);
    const buy = standingRule(ruleOf({ ...wish, side: "buy", amount: wh(1) }, terms, 1));
    expect(limitIn(buy, terms)).toBe(277_000);
  });

  test("given a rule when its curves are shown then both are said in words, and a table has each window", () => {
    shown(<StandingCurve rule={fixed} terms={terms} windowSeconds={1_800} before={undefined} />);
    expect(screen.getByText("Over a day: 0.6 kWh")).toBeTruthy();
    expect(
      screen.getByText("In each window: all of it from 8.0 ct/kWh on, nothing below"),
    ).toBeTruthy();
    expect(cellsOf("The standing order over a day")).toEqual([
      ["10:00–10:30", "0.3 kWh", "8.0 ct/kWh"],
      ["10:30–11:00", "0.3 kWh", "8.0 ct/kWh"],
    ]);
  });

  test("given the phrase of the panels when it is chosen and entered then the rule says just that", async () => {
    const user = userEvent.setup();
    shown(<WishForm window={windowWith({}, {})} place={2} />);
    await user.click(
      screen.getByRole("button", {
        name: "Sell what my panels make above 12 ct between 10 and 16 h",
      }),
    );
    expect(
      screen.getByText(
        "Sell as much as you fed in at that time the day before, for at least 12.0 ct/kWh, from 10:00 to 16:00.",
      ),
    ).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Enter the standing order" }));
    expect(entered.orders).toMatchObject([
      [
        {
          place: 2,
          order: {
            ...{ side: market.Side.Sell, limit: 120_000, halfHours: 0xfffn << 20n },
            limitKind: market.LimitKind.Fixed,
          },
        },
      ],
    ]);
  });

  test("given the phrase of the supplier when it is chosen and entered then never dearer, all day", async () => {
    const user = userEvent.setup();
    shown(<WishForm window={windowWith({}, {})} place={0} />);
    await user.click(screen.getByRole("button", { name: "Never pay more than the supplier" }));
    await user.click(screen.getByRole("button", { name: "Enter the standing order" }));
    // 2 ct for the grid, 1% of 32 ct for the market.
    expect(entered.orders).toMatchObject([
      [
        {
          place: 0,
          order: {
            ...{ side: market.Side.Buy, limit: -23_200, halfHours: (1n << 48n) - 1n },
            limitKind: market.LimitKind.Short,
          },
        },
      ],
    ]);
  });

  test("given eight orders when another is put together then it can't be entered, and why", () => {
    shown(<WishForm window={windowWith({}, {})} place={undefined} />);
    expect(screen.getByText("All eight places are taken. Take one away first.")).toBeTruthy();
    expect(
      screen.getByRole<HTMLButtonElement>("button", { name: "Enter the standing order" }).disabled,
    ).toBe(true);
  });
});

describe("an agent", () => {
  const agent = "So11111111111111111111111111111111111111112";

  test("given limits when it is named then within just these, after a sentence that says them", async () => {
    const user = userEvent.setup();
    shown(<Agent seat={seat} window={windowWith({}, {})} />);
    await user.type(screen.getByLabelText("The agent’s address"), agent);
    await user.clear(screen.getByLabelText("At most a day"));
    await user.type(screen.getByLabelText("At most a day"), "2.5");
    await user.clear(screen.getByLabelText("Buys for at most"));
    await user.type(screen.getByLabelText("Buys for at most"), "25");
    expect(screen.getByText(/may set aside €2.50 of your money a day, buy for 25.0/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Let it trade" }));
    expect(entered.delegates).toEqual([
      [agent, { dailyLimit: "2.5", highestBuy: 250_000, lowestSell: 80_000 }],
    ]);
  });

  test("given no address when named then it can't be", async () => {
    const user = userEvent.setup();
    shown(<Agent seat={seat} window={windowWith({}, {})} />);
    await user.type(screen.getByLabelText("The agent’s address"), "my neighbour");
    expect(screen.getByText("That is no address.")).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Let it trade" }).disabled).toBe(
      true,
    );
  });

  test("given an agent of today when shown then what it has used, and it can be withdrawn", async () => {
    const user = userEvent.setup();
    const bounds = { dailyLimit: 1_000_000_000n, highestBuy: 300_000, lowestSell: 90_000 };
    const named = { ...seat, delegate: agent, delegateDay: 5, delegateLocked: 250_000_000n };
    shown(<Agent seat={{ ...named, delegateBounds: bounds } as unknown as NumberedSeat} />);
    expect(screen.getByText(/Today it has set aside €0.25 so far./)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Stop it" }));
    expect(entered.delegates).toEqual([[null, undefined]]);
  });
});

describe("money in words", () => {
  test("given locks of both kinds when told then each with its sum, its windows and when it comes back", () => {
    const lock = (why: Lock["why"], window: bigint, amount: bigint) => ({ why, window, amount });
    locks.data = [
      lock("orders", 3_600n, 500_000_000n),
      lock("orders", 4_500n, 700_000_000n),
      lock("contracts", 900n, 600_000_000n),
    ];
    shown(<Balance seat={{ ...seat, locked: 1_800_000_000n } as NumberedSeat} />);
    expect(screen.getByText("€18.20 is free: to order with, or to take out.")).toBeTruthy();
    expect(screen.getByText("€1.80 is set aside:")).toBeTruthy();
    expect(
      screen.getByText(/^€1.20 for your orders in 2 windows \(01:00 AM–01:15 AM\)/),
    ).toBeTruthy();
    expect(screen.getByText(/^€0.60 for your contracts in 1 window \(12:15 AM\)/)).toBeTruthy();
  });

  test("given nothing set aside when told then so", () => {
    locks.data = [];
    shown(<Balance seat={seat} />);
    expect(screen.getByText("Nothing is set aside.")).toBeTruthy();
  });
});

describe("orders", () => {
  test("given a crossing at 10 ct when orders are looked at then whether they would go through", () => {
    const window = windowWith({ 3: 1_000 }, { 0: 1_500 });
    const { Buy, Sell } = market.Side;
    expect(stateOf({ side: Buy, limit: 100_000 as never }, window)).toBe("would");
    expect(stateOf({ side: Buy, limit: 90_000 as never }, window)).toBe("wouldNot");
    expect(stateOf({ side: Sell, limit: 100_000 as never }, window)).toBe("would");
    expect(stateOf({ side: Sell, limit: 110_000 as never }, window)).toBe("wouldNot");
    expect(stateOf({ side: Sell, limit: 110_000 as never }, windowWith({}, {}))).toBe("noPrice");
  });

  const note = (state: ActionState) =>
    shown(<ActionNote action={{ state } as Action} done="Your order stands." />);

  test("given a transaction on its way when told then it can be looked at", () => {
    note({ stage: "sent", signature: "abc" });
    expect(screen.getByRole("status").textContent).toContain("Waiting until it is confirmed");
    expect(screen.getByRole("link").getAttribute("href")).toBe("https://explorer.example/tx/abc");
  });

  test("given one that went through when told then its fee to the last digit, and where it can be looked at", () => {
    const receipt = { signature: "abc", fee: 5_001n, slot: 1n, events: [] } as never;
    note({ stage: "done", receipt });
    expect(screen.getByText(/fee 0.000005001 SOL/)).toBeTruthy();
    expect(screen.getByRole("link").getAttribute("href")).toBe("https://explorer.example/tx/abc");
  });
});

describe("a newcomer's steps", () => {
  const { Applied, Active, Suspended, Left } = registry.ParticipantStatus;
  const { NO_INDEX } = registry;
  const next = (lamports: bigint, status: number | undefined, index: number, meters = 0) => {
    const participant = status === undefined ? null : { status, index };
    const states = stepsOf({ lamports, participant, meters });
    const now = Object.entries(states).filter(([, state]) => state === "now");
    expect(now).toHaveLength(1);
    return now[0]![0];
  };

  test("given each state on the way when looked at then exactly one step is next", () => {
    expect(next(0n, undefined, NO_INDEX)).toBe("pay");
    expect(next(1n, undefined, NO_INDEX)).toBe("apply");
    expect(next(1n, Applied, NO_INDEX)).toBe("approval");
    expect(next(0n, Applied, NO_INDEX)).toBe("pay");
    expect(next(1n, Active, 4)).toBe("seat");
    expect(next(1n, Active, 4, 1)).toBe("seat");
    expect(next(1n, Suspended, 4)).toBe("approval");
    expect(next(1n, Left, 4)).toBe("apply");
  });
});
