// How long meters have not been heard.

import { oracle, type OwnMeter } from "@joulebook/client";

export type HeardMeter = OwnMeter &
  Readonly<{
    /** Since it was heard, or since its service began, seconds; 0 if that is yet to come. */
    silentSeconds: number;
    /** In service, and not heard for a whole page and more. */
    isSilent: boolean;
  }>;

/** Those that are silent for the longest first; those that are out of service last. */
export function bySilence(
  meters: readonly OwnMeter[],
  now: number,
  pageSeconds: number,
): HeardMeter[] {
  const { Active, Retired } = oracle.MeterStatus;
  return meters
    .map((meter) => {
      const last = Math.max(Number(meter.boundary), Number(meter.serviceFrom));
      const silentSeconds = Math.max(now - last, 0);
      // A page has to end, and to be read out, before anything can be missing.
      const isSilent = meter.status === Active && silentSeconds > 2 * pageSeconds;
      return { ...meter, silentSeconds, isSilent };
    })
    .sort((one, other) => {
      const isLast = (meter: HeardMeter) => Number(meter.status === Retired);
      return isLast(one) - isLast(other) || other.silentSeconds - one.silentSeconds;
    });
}
