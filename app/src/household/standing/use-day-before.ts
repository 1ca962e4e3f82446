// What a household drew and fed in yesterday: what "as the day before" would come to.

import { useMemo } from "react";

import { useConfiguration, useNow } from "../../chain/market-context";
import { addDays, dayBounds, dayOf } from "../../format/calendar";
import { seatNumber, useParticipant, usePositions } from "../queries";
import type { DayBefore } from "./curve";

const MINUTE = 60_000;

/** By seconds into the day, Wh; undefined while it is not known. */
export function useDayBefore(side: "buy" | "sell"): DayBefore | undefined {
  const { timeZone } = useConfiguration();
  const now = useNow(MINUTE);
  const { data: participant } = useParticipant();
  const day = now === undefined ? undefined : addDays(dayOf(now, timeZone), -1);
  const bounds = useMemo(() => (day ? dayBounds(day, timeZone) : undefined), [day, timeZone]);
  const { data } = usePositions(seatNumber(participant), bounds?.[0], bounds?.[1]);
  return useMemo(() => {
    const heard = data?.positions.filter(({ meters_missing, meters }) => meters_missing < meters);
    if (!bounds || !heard || heard.length === 0) return undefined;
    return new Map(
      heard.map(({ start, import_wh, export_wh }) => [
        start - bounds[0],
        side === "buy" ? import_wh : export_wh,
      ]),
    );
  }, [data, bounds, side]);
}
