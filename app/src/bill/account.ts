// What a household drew, fed in and pays, from its windows: the lines of the indexer's bills, and what the supplier alone would
// have cost.

import { BILL_LINES, type BillLine } from "@joulebook/client";

import type { Schemas } from "../indexer/client";
import { milliAtomsOf } from "../indexer/money";

/** Energy in Wh; money in milli-atoms, below zero what is received. */
export type Line = Readonly<{ energy: number | undefined; amount: bigint }>;

export const FLOWS = [
  "own",
  "fromNeighbours",
  "fromSupplier",
  "toNeighbours",
  "toSupplier",
] as const;
/** Where energy came from and went, Wh. */
export type Flows = Readonly<Record<(typeof FLOWS)[number], number>>;

export type Account = Readonly<{
  lines: Readonly<Record<BillLine, Line>>;
  total: bigint;
  /**
   * Of windows that are settled by the values of all meters: what was paid, and what the same energy would have cost with the supplier
   * alone; undefined if that is not known.
   */
  compared: Readonly<{ paid: bigint; alone: bigint }> | undefined;
  flows: Flows | undefined;
  imported: number;
  exported: number;
  windows: number;
  /** Windows that may still change, in which a meter has no value, and whose values are not settled yet. */
  provisional: number;
  unheard: number;
  unsettled: number;
  /** No window of the time is missing. */
  isComplete: boolean;
}>;

/** The account of windows; `decimals` are the token's. */
export function accountOf(
  positions: readonly Schemas["PositionItem"][],
  windows: readonly Schemas["WindowItem"][],
  decimals: number,
): Account {
  const byStart = new Map(windows.map((window) => [window.start, window]));
  const energy: Partial<Record<BillLine, number>> = {};
  const amount = Object.fromEntries(BILL_LINES.map((name) => [name, 0n])) as Record<
    BillLine,
    bigint
  >;
  const add = (name: BillLine, wh: number, paid: bigint) => {
    energy[name] = (energy[name] ?? 0) + wh;
    amount[name] += paid;
  };
  const flows = { own: 0, fromNeighbours: 0, fromSupplier: 0, toNeighbours: 0, toSupplier: 0 };
  const sums = { imported: 0, exported: 0, windows: 0, provisional: 0, unheard: 0, unsettled: 0 };
  const compared = { paid: 0n, alone: 0n };
  let isComplete = true;
  for (const position of positions) {
    const window = byStart.get(position.start);
    if (!window) {
      isComplete = false;
      continue;
    }
    const { bought_wh, sold_wh, import_wh, export_wh, meters_missing } = position;
    const price = window.price?.atoms_per_kwh ?? 0;
    const before = BILL_LINES.reduce((sum, name) => sum + amount[name], 0n);
    const paid = milliAtomsOf(position.paid, decimals);
    const deviation = import_wh - export_wh - (bought_wh - sold_wh);
    add("bought", bought_wh, times(bought_wh, price));
    add("sold", sold_wh, -times(sold_wh, price));
    add("gridFee", bought_wh, times(bought_wh, window.grid_fee?.atoms_per_kwh ?? 0));
    add("marketFee", bought_wh, times(bought_wh, window.market_fee?.atoms_per_kwh ?? 0));
    const kind = meters_missing > 0 ? "unheard" : deviation > 0 ? "short" : "long";
    add(kind, Math.abs(deviation), paid);

    const [short, long] = [window.retail_price.atoms_per_kwh, window.feed_in_tariff.atoms_per_kwh];
    const due = times(deviation, deviation > 0 ? short : long);
    // A supplier settles nothing with itself.
    const isSettling = meters_missing === 0 && window.supplier !== position.seat;
    // Energy that nobody has paid for yet would look like a loss.
    if (isSettling && paid === due) {
      const net = import_wh - export_wh;
      compared.alone += times(net, net > 0 ? short : long);
      compared.paid += BILL_LINES.reduce((sum, name) => sum + amount[name], 0n) - before;
    }
    const moved = flowsOf(position);
    for (const name of FLOWS) flows[name] += moved[name];
    sums.imported += import_wh;
    sums.exported += export_wh;
    sums.windows += 1;
    sums.provisional += position.is_final ? 0 : 1;
    sums.unheard += meters_missing > 0 ? 1 : 0;
    sums.unsettled += isSettling && paid !== due ? 1 : 0;
  }
  const lines = Object.fromEntries(
    BILL_LINES.map((name) => [name, { energy: energy[name], amount: amount[name] }]),
  ) as Record<BillLine, Line>;
  const total = BILL_LINES.reduce((sum, name) => sum + amount[name], 0n);
  return { lines, total, compared, flows, isComplete, ...sums };
}

/** The account that a bill of the indexer's tells. */
export function accountOfBill(
  bill: Schemas["BillItem"] & { isComplete: boolean },
  decimals: number,
): Account {
  const line = (of: Schemas["Money"], energy?: number): Line => ({
    energy,
    amount: milliAtomsOf(of, decimals),
  });
  return {
    lines: {
      bought: line(bill.bought, bill.bought_wh),
      sold: line(bill.sold, bill.sold_wh),
      gridFee: line(bill.grid_fee, bill.bought_wh),
      marketFee: line(bill.market_fee, bill.bought_wh),
      short: line(bill.imbalance_short),
      long: line(bill.imbalance_long),
      unheard: line(bill.unheard),
      // Charged with a page, not with a window: only a month's bill knows it.
      afterSilence: line(bill.after_silence),
    },
    total: milliAtomsOf(bill.total, decimals),
    compared: undefined,
    flows: undefined,
    imported: bill.import_wh,
    exported: bill.export_wh,
    windows: bill.windows,
    provisional: bill.windows_provisional,
    unheard: bill.windows_unheard,
    unsettled: bill.windows_unsettled,
    isComplete: bill.isComplete,
  };
}

/**
 * A bill with what it does not tell: the energy of each line, and what the supplier alone would have cost. Only where the same windows
 * come to the same money; else the bill as it is. What came to light after silence is in no window.
 */
export function detailed(bill: Account, windows: Account): Account {
  const { afterSilence } = bill.lines;
  const isSame =
    windows.total + afterSilence.amount === bill.total && windows.windows === bill.windows;
  if (!isSame) return bill;
  const { compared, flows } = windows;
  return { ...bill, lines: { ...windows.lines, afterSilence }, compared, flows };
}

/** Several accounts as one, of a year's months say; undefined for none. What one of them does not know, the sum does not. */
export function sumOf(accounts: readonly Account[]): Account | undefined {
  const [first, ...rest] = accounts;
  return first && rest.reduce(added, first);
}

function added(one: Account, other: Account): Account {
  const lines = Object.fromEntries(
    BILL_LINES.map((name) => {
      const [line, next] = [one.lines[name], other.lines[name]];
      const isKnown = line.energy !== undefined && next.energy !== undefined;
      const energy = isKnown ? line.energy + next.energy : (line.energy ?? next.energy);
      // Nothing was paid where nothing is known: then the other's energy is all there is.
      const isAll = isKnown || (line.energy === undefined ? line : next).amount === 0n;
      return [name, { energy: isAll ? energy : undefined, amount: line.amount + next.amount }];
    }),
  ) as Record<BillLine, Line>;
  return {
    lines,
    total: one.total + other.total,
    compared: one.compared &&
      other.compared && {
        paid: one.compared.paid + other.compared.paid,
        alone: one.compared.alone + other.compared.alone,
      },
    flows:
      one.flows &&
      other.flows &&
      (Object.fromEntries(
        FLOWS.map((flow) => [flow, one.flows![flow] + other.flows![flow]]),
      ) as Flows),
    imported: one.imported + other.imported,
    exported: one.exported + other.exported,
    windows: one.windows + other.windows,
    provisional: one.provisional + other.provisional,
    unheard: one.unheard + other.unheard,
    unsettled: one.unsettled + other.unsettled,
    isComplete: one.isComplete && other.isComplete,
  };
}

/** Of one window. What a household draws and feeds in within it is settled as its net; the rest is its own. */
export function flowsOf(of: Schemas["PositionItem"]): Flows {
  const net = of.import_wh - of.export_wh;
  const contract = of.bought_wh - of.sold_wh;
  const [drawn, fedIn] = [Math.max(net, 0), Math.max(-net, 0)];
  const fromNeighbours = Math.min(drawn, Math.max(contract, 0));
  const toNeighbours = Math.min(fedIn, Math.max(-contract, 0));
  return {
    own: Math.min(of.import_wh, of.export_wh),
    ...{ fromNeighbours, fromSupplier: drawn - fromNeighbours },
    ...{ toNeighbours, toSupplier: fedIn - toNeighbours },
  };
}

const times = (energy: number, price: number) => BigInt(energy) * BigInt(price);
