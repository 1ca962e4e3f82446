// Where a household's energy of a period came from, as the indexer tells it.

import { useQuery } from "@tanstack/react-query";

import { useConfiguration } from "../../chain/market-context";
import { dayBounds, dayOf, monthBounds } from "../../format/calendar";
import { boundsOf, monthsOf, type Period } from "../../format/period";
import { useIndexer } from "../../indexer/context";
import type { Indexer, Schemas } from "../../indexer/client";
import { useHousehold } from "../context";
import {
  addMix,
  mixOf,
  shareOut,
  sourceName,
  stepOf,
  sumOfSteps,
  type Mix,
  type Origin,
  type OriginStep,
} from "./origin";

/** Meters that are asked one by one for a day; where more feed in, the month's mix stands for each window. */
const MOST_METERS = 60;
/** How long an answer is taken as it is, milliseconds. */
const FRESH = 60_000;

export function useOrigin(seat: number, period: Period | undefined, now?: number) {
  const indexer = useIndexer();
  const { market } = useHousehold();
  const { timeZone } = useConfiguration();
  const { windowSeconds } = market.parameters;
  return useQuery({
    queryKey: ["origin", seat, period?.name],
    queryFn: async (): Promise<Origin> => {
      const of = { indexer: indexer!, seat, zone: timeZone, seconds: windowSeconds, now: now! };
      const { kind, name } = period!;
      if (kind === "year") return yearOf(of, name, market.owner);
      return kind === "month" ? monthOrigin(of, name) : dayOrigin(of, name);
    },
    enabled: indexer !== undefined && period !== undefined && now !== undefined,
    // It takes many questions, and changes little from one window to the next.
    staleTime: FRESH,
    refetchInterval: FRESH,
  });
}

type Asked = Readonly<{
  indexer: Indexer;
  seat: number;
  zone: string;
  seconds: number;
  now: number;
}>;

async function dayOrigin(of: Asked, day: string): Promise<Origin> {
  const { indexer, seat, zone, seconds } = of;
  const bounds = dayBounds(day, zone);
  const [positions, meters] = await Promise.all([pastPositions(of, bounds), indexer.meters()]);
  const feeding = meters.filter((meter) => meter.source !== "none" && meter.seat !== seat);
  const isByWindow = feeding.length <= MOST_METERS;
  const fedIn = isByWindow
    ? await fedInBy(indexer, feeding, bounds)
    : mixOf((await indexer.sources(day.slice(0, 7), zone)).fed_in);
  const steps = positions.map((position) =>
    stepOf(position, seconds, fedIn instanceof Map ? (fedIn.get(position.start) ?? {}) : fedIn),
  );
  return {
    steps,
    basis: isByWindow ? "window" : "month",
    isFinal: isFinal(positions, bounds, of.now),
  };
}

/** By window, what these meters fed in. */
async function fedInBy(
  indexer: Indexer,
  meters: readonly Schemas["MeterItem"][],
  [since, until]: readonly [number, number],
): Promise<Map<number, Mix>> {
  const fedIn = new Map<number, Mix>();
  await Promise.all(
    meters.map(async ({ number, source }) => {
      for (const reading of await indexer.readings(number, since, until)) {
        const counts = reading.quality === "measured" || reading.quality === "replaced";
        if (!counts || reading.export_wh === 0) continue;
        const before = fedIn.get(reading.start) ?? {};
        fedIn.set(reading.start, addMix(before, { [sourceName(source)]: reading.export_wh }));
      }
    }),
  );
  return fedIn;
}

async function monthOrigin(of: Asked, month: string): Promise<Origin> {
  const { indexer, zone, seconds } = of;
  const bounds = monthBounds(month, zone);
  const [positions, sources] = await Promise.all([
    pastPositions(of, bounds),
    indexer.sources(month, zone),
  ]);
  const byDay = new Map<string, OriginStep[]>();
  for (const position of positions) {
    const day = dayOf(position.start, zone);
    // The mix is shared out once for a day: window by window, what is rounded would add up.
    const step = stepOf(position, seconds, {});
    byDay.set(day, [...(byDay.get(day) ?? []), step]);
  }
  const mix = mixOf(sources.fed_in);
  const steps = [...byDay].map(([day, windows]) => {
    const sum = sumOfSteps(windows, dayBounds(day, zone));
    return { ...sum, neighbours: shareOut(sum.neighbours.none ?? 0, mix) };
  });
  return {
    steps,
    basis: "month",
    isFinal: sources.is_complete && isFinal(positions, bounds, of.now),
  };
}

async function yearOf({ indexer, zone, now }: Asked, year: string, owner: string): Promise<Origin> {
  const today = dayOf(now, zone);
  const answers = await Promise.all(
    monthsOf(year, today).map(async (month) => ({
      month,
      told: await indexer.sources(month, zone, owner),
    })),
  );
  const steps = answers.flatMap(({ month, told }): OriginStep[] => {
    const [start, end] = monthBounds(month, zone);
    const [own] = told.items;
    if (!own || own.from_neighbours_wh + own.own_wh + own.from_supplier_wh === 0) return [];
    const neighbours = shareOut(own.from_neighbours_wh, mixOf(told.fed_in));
    return [{ start, end, neighbours, own: own.own_wh, supplier: own.from_supplier_wh }];
  });
  const isOver = boundsOf({ kind: "year", name: year }, zone)[1] <= now;
  return {
    ...{ steps, basis: "month" },
    isFinal: isOver && answers.every(({ told }) => told.is_complete),
  };
}

async function pastPositions(
  { indexer, seat, seconds, now }: Asked,
  [since, until]: readonly [number, number],
) {
  const positions = await indexer.positions(seat, since, until);
  return positions.filter(({ start }) => start + seconds <= now);
}

/** It is over, and no value of it is missing or changes any more. */
function isFinal(
  positions: readonly Schemas["PositionItem"][],
  [, until]: readonly [number, number],
  now: number,
): boolean {
  return (
    until <= now &&
    positions.every(({ is_final, meters_missing }) => is_final && meters_missing === 0)
  );
}
