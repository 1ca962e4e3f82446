// A household's meter as a test plays it: those of the sandbox sign a page at a time, which is longer than a test has.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import {
  connect,
  openMarket,
  readAllMeters,
  readBinding,
  signProfile,
  submitProfiles,
  wh,
  whSum,
  type Energy,
} from "@joulebook/client";
import { address, createKeyPairFromBytes, createKeyPairSignerFromBytes } from "@solana/kit";

import type { Market } from "./market-of-this-machine";

type Key = Readonly<{ key: string }>;
type Sandbox = Readonly<{
  rpcUrl: string;
  wsUrl: string;
  market: string;
  /** It has something to pay fees with. */
  gateway: Key;
  households: readonly Readonly<{
    name: string;
    meters: readonly Readonly<{ number: number; device: Key }>[];
  }>[];
}>;

/** Signs all that flowed from when the meter was last heard until `end`, unix seconds: so much drawn in each window. Brings it to the oracle. */
export async function playMeter(market: Market, household: string, end: number, drawn: number) {
  const read = (file: string) => JSON.parse(readFileSync(join(market.folder, file), "utf8"));
  const keyIn = ({ key }: Key) => new Uint8Array(read(key) as number[]);
  const sandbox = read("sandbox.json") as Sandbox;
  const own = sandbox.households.find(({ name }) => name === household)!.meters[0]!;
  const [payer, device] = await Promise.all([
    createKeyPairSignerFromBytes(keyIn(sandbox.gateway)),
    createKeyPairFromBytes(keyIn(own.device)),
  ]);
  const { rpcUrl: url, wsUrl } = sandbox;
  const handle = await openMarket(connect({ url, wsUrl }, payer), address(sandbox.market));
  const meters = await readAllMeters(handle);
  const meter = meters.find(({ number }) => number === own.number)!;
  const { windowSeconds } = handle.parameters;
  const from = meter.boundary > meter.serviceFrom ? meter.boundary : meter.serviceFrom;
  const windows = (end - Number(from)) / windowSeconds;
  const values: Energy[] = Array.from({ length: windows }, () => ({
    import: wh(drawn),
    export: wh(0),
  }));
  const profile = await signProfile(device, await readBinding(handle), {
    ...{
      meter: own.number,
      boundary: BigInt(end),
      sequence: meter.sequence + 1n,
      flags: 0,
      values,
    },
    import: whSum(meter.import + meter.importOffset + BigInt(windows * drawn)),
    export: whSum(meter.export + meter.exportOffset),
  });
  const { outcomes } = await submitProfiles(handle, [profile]);
  return outcomes.every(({ isKnown }) => isKnown) ? windows : 0;
}
