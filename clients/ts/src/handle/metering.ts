// Readings and load profiles, brought by whoever has them. They are signed by meters, and need no other trust.

import type { Instruction } from "@solana/kit";

import { packed } from "../connection/pack.js";
import { sendInstructions } from "../connection/send.js";
import type { Receipt } from "../connection/receipt.js";
import {
  ReadingResult,
  type Meter,
  type SignedProfileArgs,
  type SignedReadingArgs,
} from "../generated/oracle/index.js";
import {
  submitCheckedProfiles as checkedInstruction,
  submitProfiles as profilesInstruction,
  submitReadings as readingsInstruction,
} from "../instructions/readings.js";
import { meterNumber } from "../meter.js";
import type { Profile } from "../profile.js";
import { MAX_P256_SIGNATURES, type P256Signed } from "../secp256r1.js";
import { MAX_READINGS } from "../generated/oracle/constants.js";
import { readAccount } from "./accounts.js";
import type { MarketHandle } from "./handle.js";
import { meterTableKind } from "./kinds.js";
import { readSeatNumber } from "./participant.js";

/** What became of one message of a meter. */
export type MessageOutcome = Readonly<{
  /** The meter's number. */
  meter: number;
  result: ReadingResult;
  /** The oracle knows now what the message tells, from this one or from another. */
  isKnown: boolean;
}>;

/** What came of messages that were sent. */
export type Submission = Readonly<{
  /** Those of each message, in their order by page; fewer if a node has cut a log. */
  outcomes: readonly MessageOutcome[];
  receipts: readonly Receipt[];
}>;

/** A load profile that a key of P-256 has signed: see `signP256Profile`. */
export type CheckedProfile = Readonly<{ profile: Pick<Profile, "boundary">; signed: P256Signed }>;

/** A meter of the owner, with what it needs to sign the next message. */
export type OwnMeter = Meter & Readonly<{ number: number }>;

type Config = Readonly<{ abortSignal?: AbortSignal }>;

const KNOWN = new Set([ReadingResult.Counted, ReadingResult.Filled, ReadingResult.AlreadyKnown]);

/** Sends signed readings in as few transactions as they fit. One that is refused does not hinder the others. */
export function submitReadings(
  market: MarketHandle,
  readings: readonly SignedReadingArgs[],
  config: Config = {},
): Promise<Submission> {
  return submitAll(market, readings, (it) => BigInt(it.boundary), MAX_READINGS, config, {
    instructions: async (start, group) => [
      await readingsInstruction(market.addresses, start, [...group]),
    ],
  });
}

/** The same for load profiles. */
export function submitProfiles(
  market: MarketHandle,
  profiles: readonly SignedProfileArgs[],
  config: Config = {},
): Promise<Submission> {
  return submitAll(market, profiles, (it) => BigInt(it.boundary), MAX_READINGS, config, {
    instructions: async (start, group) => [
      await profilesInstruction(market.addresses, start, [...group]),
    ],
  });
}

/** The same for load profiles that keys of P-256 have signed. One whose signature does not hold fails all of its transaction. */
export function submitCheckedProfiles(
  market: MarketHandle,
  profiles: readonly CheckedProfile[],
  config: Config = {},
): Promise<Submission> {
  return submitAll(market, profiles, (it) => it.profile.boundary, MAX_P256_SIGNATURES, config, {
    instructions: (start, group) =>
      checkedInstruction(
        market.addresses,
        start,
        group.map(({ signed }) => signed),
      ),
  });
}

/** The meters of the owner. Throws a NoSeatError. */
export async function readMeters(market: MarketHandle): Promise<OwnMeter[]> {
  const { connection, parameters } = market;
  const [{ count, meters }, seat] = await Promise.all([
    readAccount(connection, parameters.meterTable, meterTableKind()),
    readSeatNumber(market),
  ]);
  return meters
    .slice(0, count)
    .map((meter, row) => ({ ...meter, number: meterNumber(row, meter) }))
    .filter(({ participant }) => participant === seat);
}

/** What the meter table's meters sign with every message: the program, the chain and the table in one. */
export async function readBinding({ connection, parameters }: MarketHandle) {
  const { binding } = await readAccount(connection, parameters.meterTable, meterTableKind());
  return binding;
}

async function submitAll<Message>(
  market: MarketHandle,
  messages: readonly Message[],
  boundaryOf: (message: Message) => bigint,
  most: number,
  config: Config,
  {
    instructions,
  }: {
    instructions: (start: bigint, group: readonly Message[]) => Promise<readonly Instruction[]>;
  },
): Promise<Submission> {
  const { connection, addresses } = market;
  const pages = new Map<bigint, Message[]>();
  for (const message of messages) {
    // A boundary ends an interval: that of a page's end belongs to the page before.
    const start = boundaryOf(message) - BigInt(addresses.rings.windowSeconds);
    const page = addresses.pageStart(start);
    pages.set(page, [...(pages.get(page) ?? []), message]);
  }
  const receipts: Receipt[] = [];
  for (const [page, group] of pages)
    for (const each of await packed(connection, group, most, (part) => instructions(page, part)))
      receipts.push(await sendInstructions(connection, each, config));
  return { receipts, outcomes: receipts.flatMap(({ events }) => outcomesIn(events)) };
}

function outcomesIn(events: Receipt["events"]): MessageOutcome[] {
  return events.flatMap((event) =>
    event.program === "oracle" && event.kind === "ReadingsProcessed"
      ? event.data.results.map((it) => ({ ...it, isKnown: KNOWN.has(it.result) }))
      : [],
  );
}
