// Signs what a meter has measured in the intervals that are over, and brings it. In earnest the device signs, and a gateway brings.

import { oracle, signProfile, wh, whSum, type Device, type MarketClient } from "@joulebook/client";

/** `energies` are of the intervals before `boundary`, Wh drawn, the last one at last. */
export async function submitAProfile(
  market: MarketClient,
  device: Device,
  boundary: bigint,
  energies: readonly number[],
  say: (line: string) => void,
) {
  const [meter] = await market.meters();
  if (!meter) return say("this household has no meter");
  const drawn = energies.reduce((sum, each) => sum + BigInt(each), 0n);
  const signed = await signProfile(device, await market.binding(), {
    ...{ meter: meter.number, boundary, flags: 0 },
    sequence: meter.sequence + 1n,
    // The registers at the end, and the energy of each interval before.
    import: whSum(meter.import + drawn),
    export: meter.export,
    values: energies.map((each) => ({ import: wh(each), export: wh(0) })),
  });
  const { outcomes } = await market.submitProfiles([signed]);
  for (const { meter: number, result } of outcomes)
    say(`meter ${number}: ${oracle.ReadingResult[result]}`);
}
