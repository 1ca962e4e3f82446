// What comes next in a window's life: when it takes orders, and which step of a keeper is due. The rule is the programs'
// (crates/layout, phase.rs); clients/fixtures/window-steps.json holds both to it.

import { Phase, type Book, type Market } from "./generated/market/index.js";
import { termsAt } from "./terms.js";

/** When a window takes orders, unix seconds: from `opens` on, and no more at its `gate`. */
export type WindowTimes = Readonly<{ opens: bigint; gate: bigint; start: bigint; end: bigint }>;

/** What moves a window on. */
export type WindowStep = "open" | "clear" | "allocate";

/** The times of the window that starts at `start`, unless other terms are planned until it opens. */
export function windowTimes(
  market: Pick<Market, "terms" | "plannedTerms" | "plannedTermsFrom" | "windowSeconds">,
  start: bigint,
): WindowTimes {
  const { horizon, gateLead } = termsAt(market, start);
  return {
    opens: start - BigInt(horizon),
    gate: start - BigInt(gateLead),
    start,
    end: start + BigInt(market.windowSeconds),
  };
}

/** The step that is a book's next one, whenever its time comes; undefined for a phase that this package does not know. */
export function nextStep({ phase }: Pick<Book, "phase">): WindowStep | undefined {
  switch (phase as Phase) {
    case Phase.Free:
    case Phase.Allocated:
      return "open";
    case Phase.Open:
      return "clear";
    case Phase.Cleared:
      return "allocate";
    default:
      return undefined;
  }
}

/** The step that may be made now, `now` in unix seconds by the chain's clock, for the window in a book; undefined for none. */
export function dueStep(
  book: Pick<Book, "phase" | "gate">,
  now: bigint,
): Exclude<WindowStep, "open"> | undefined {
  const step = nextStep(book);
  if (step === "clear") return now >= book.gate ? step : undefined;
  return step === "allocate" ? step : undefined;
}
