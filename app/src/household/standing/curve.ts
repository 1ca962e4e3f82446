// What a standing order would ask for over a day, and at which price: what is drawn of it before it is signed.

import { HALF_HOUR_SECONDS } from "./half-hours";
import { market as programs, type Terms } from "@joulebook/client";

import type { SaidRule } from "./sentence";

const LimitKind = programs.LimitKind;
const QuantityKind = programs.QuantityKind;
const DAY_SECONDS = 86_400;
const WHOLE = 10_000;

export type CurveWindow = Readonly<{
  /** Seconds into the day. */
  at: number;
  /** Wh; undefined where nobody knows it beforehand. */
  energy: number | undefined;
}>;

/** By seconds into the day, what the meters drew or fed in the day before, Wh. */
export type DayBefore = ReadonlyMap<number, number>;

/** The windows that a rule names, and what it asks for in each; its cap of a day ends that. */
export function windowsOf(
  rule: SaidRule & Readonly<{ energyCap: bigint | number }>,
  windowSeconds: number,
  before: DayBefore | undefined,
): readonly CurveWindow[] {
  let left = Number(rule.energyCap);
  const windows: CurveWindow[] = [];
  for (let at = 0; at < DAY_SECONDS; at += windowSeconds) {
    const half = Math.floor(at / HALF_HOUR_SECONDS);
    if (((BigInt(rule.halfHours) >> BigInt(half)) & 1n) === 0n) continue;
    const asked = askedFor(rule, half, before?.get(at));
    const energy = asked === undefined ? undefined : Math.min(asked, left);
    left -= energy ?? 0;
    windows.push({ at, energy });
  }
  return windows;
}

function askedFor(rule: SaidRule, half: number, before: number | undefined): number | undefined {
  switch (rule.quantityKind) {
    case QuantityKind.Fixed:
      return rule.quantity;
    case QuantityKind.Profile:
      return (rule.profile[half] ?? 0) * rule.quantity;
    default:
      return before === undefined ? undefined : Math.floor((before * rule.quantity) / WHOLE);
  }
}

/** The limit in a window of these terms, atoms per kWh: the highest price that is paid, the lowest that is taken. */
export function limitIn(rule: SaidRule, terms: Pick<Terms, "short" | "long">): number {
  if (rule.limitKind === LimitKind.Short) return terms.short + rule.limit;
  return rule.limitKind === LimitKind.Long ? terms.long + rule.limit : rule.limit;
}
