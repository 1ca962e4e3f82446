// The windows of a day as they are drawn: from the indexer, and from books.

import { useMarketState } from "../chain/market-context";
import { crossingOf } from "./crossing";
import type { DayWindow } from "./DayChart";
import { isOpen } from "./NextWindow";
import type { useWindows } from "./queries";

/** What the indexer tells, and what books say of windows that it does not know yet. */
export function useDayWindows(
  told: ReturnType<typeof useWindows>["data"],
  bounds: readonly [number, number] | undefined,
  now: number | undefined,
): DayWindow[] {
  const { windows } = useMarketState();
  const known = new Map<number, DayWindow>();
  for (const { start, price, volume_wh, retail_price, feed_in_tariff, phase } of told ?? [])
    if (phase !== "unopened")
      known.set(start, {
        start,
        price: price && volume_wh > 0 ? price.atoms_per_kwh : undefined,
        volume: volume_wh,
        retail: retail_price.atoms_per_kwh,
        feedIn: feed_in_tariff.atoms_per_kwh,
        isOver: phase === "allocated" || phase === "cleared",
      });
  for (const window of windows) {
    const start = Number(window.start);
    if (!bounds || start < bounds[0] || start >= bounds[1]) continue;
    const crossing = crossingOf(window);
    known.set(start, {
      ...{ start, price: crossing?.price, volume: Number(crossing?.volume ?? 0n) },
      ...{ retail: window.book.header.short, feedIn: window.book.header.long },
      isOver: !isOpen(window, now),
    });
  }
  return [...known.values()].sort((one, other) => one.start - other.start);
}
