// What a household pays in a window, by what it is for: the lines of a bill, in whole milli-atoms.

import { WindowStatus, type PageWindow, type Position } from "../generated/market/index.js";

/** What is paid for. */
export const BILL_LINES = [
  "bought",
  "sold",
  "gridFee",
  "marketFee",
  "short",
  "long",
  "unheard",
  "afterSilence",
] as const;
export type BillLine = (typeof BILL_LINES)[number];
/** Milli-atoms; below zero, received. */
export type BillLines = Readonly<Record<BillLine, bigint>>;

/** What a seat's meters moved in a window, Wh, of those that have a value. */
export type SeatFlow = Readonly<{
  import: bigint;
  export: bigint;
  meters: number;
  missing: number;
}>;

export const NO_LINES: BillLines = Object.fromEntries(
  BILL_LINES.map((line) => [line, 0n]),
) as BillLines;

export function addLines(one: BillLines, other: BillLines): BillLines {
  return Object.fromEntries(BILL_LINES.map((line) => [line, one[line] + other[line]])) as BillLines;
}

export function totalOf(lines: BillLines): bigint {
  return BILL_LINES.reduce((sum, line) => sum + lines[line], 0n);
}

/** What a household has bought and sold in a window. */
export type ContractEnergy = Pick<Position, "bought" | "sold">;
/** What a window was cleared and billed at. */
export type PricesOfWindow = Pick<
  PageWindow,
  "price" | "volume" | "gridFee" | "marketFees" | "status"
>;

/** The lines of one window. */
export function windowLines(
  window: PricesOfWindow,
  position: ContractEnergy & Pick<Position, "paid">,
  flow: SeatFlow,
): BillLines {
  const [bought, sold] = [BigInt(position.bought), BigInt(position.sold)];
  const price = window.volume > 0n ? BigInt(window.price) : 0n;
  const imbalance =
    flow.missing > 0 ? "unheard" : deviationOf(position, flow) > 0n ? "short" : "long";
  return {
    ...NO_LINES,
    bought: bought * price,
    sold: -sold * price,
    gridFee: bought * BigInt(window.gridFee),
    marketFee: bought * marketFeeOf(window),
    [imbalance]: position.paid,
  };
}

/** Atoms per kWh that was bought. The fee is a whole number, so this is exact. */
function marketFeeOf({ status, volume, marketFees }: PricesOfWindow): bigint {
  return status === WindowStatus.Allocated && volume > 0n ? marketFees / volume : 0n;
}

/** What flowed beyond the contracts, Wh; positive is drawn. */
export function deviationOf({ bought, sold }: ContractEnergy, flow: SeatFlow): bigint {
  return flow.import - flow.export - (BigInt(bought) - BigInt(sold));
}

/** The largest deviation that is paid, Wh. */
const MOST_DEVIATION = 0xffff_ffffn;

/** What a deviation costs, milli-atoms; below zero, what is received for it. */
export function deviationCost(
  deviation: bigint,
  { short, long }: Pick<PageWindow, "short" | "long">,
): bigint {
  const most = deviation > MOST_DEVIATION ? MOST_DEVIATION : deviation;
  const bounded = most < -MOST_DEVIATION ? -MOST_DEVIATION : most;
  return bounded * BigInt(deviation > 0n ? short : long);
}
