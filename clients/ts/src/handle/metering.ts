// Readings and load profiles, brought by whoever has them. They are signed by meters, and need no other trust.

import type { Instruction } from "@solana/kit";

import type { SendOptions } from "../connection/connection.js";
import { packed } from "../connection/pack.js";
import type { Receipt } from "../connection/receipt.js";
import { sendInstructions } from "../connection/send.js";
import { MAX_READINGS } from "../generated/oracle/constants.js";
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
import { readAccount } from "./accounts.js";
import type { MarketHandle } from "./handle.js";
import { meterTableKind } from "./kinds.js";
import { readSeatNumber } from "./participant.js";

/** What became of one message of a meter in one page. */
export type MessageOutcome = Readonly<{
  /** The meter's number. */
  meter: number;
  /** Start of the page, unix seconds. A boundary between two pages is told to both. */
  page: bigint;
  result: ReadingResult;
  /** The oracle knows now what the message tells, from this one or from another. */
  isKnown: boolean;
}>;

/** What came of messages that were sent. */
export type Submission = Readonly<{
  /**
   * Those of each message, in their order, by the pages they lie in; then those of the pages beside, where a message is
   * of the boundary between. Fewer if a node has cut a log.
   */
  outcomes: readonly MessageOutcome[];
  receipts: readonly Receipt[];
}>;

/** A load profile that a key of P-256 has signed: see `signP256Profile`. */
export type CheckedProfile = Readonly<{
  profile: Pick<Profile, "boundary" | "values">;
  signed: P256Signed;
}>;

/** A meter with its number, and what it needs to sign the next message. */
export type OwnMeter = Meter & Readonly<{ number: number }>;

const KNOWN = new Set([ReadingResult.Counted, ReadingResult.Filled, ReadingResult.AlreadyKnown]);

/** Sends signed readings in as few transactions as they fit. One that is refused does not hinder the others. */
export function submitReadings(
  market: MarketHandle,
  readings: readonly SignedReadingArgs[],
  options: SendOptions = {},
): Promise<Submission> {
  const submit = async (page: bigint, group: readonly SignedReadingArgs[]) => [
    await readingsInstruction(market.addresses, page, [...group]),
  ];
  const spanOf = ({ boundary }: SignedReadingArgs) => ({ end: BigInt(boundary), intervals: 0 });
  return submitAll(market, readings, spanOf, MAX_READINGS, submit, options);
}

/** The same for load profiles. */
export function submitProfiles(
  market: MarketHandle,
  profiles: readonly SignedProfileArgs[],
  options: SendOptions = {},
): Promise<Submission> {
  const submit = async (page: bigint, group: readonly SignedProfileArgs[]) => [
    await profilesInstruction(market.addresses, page, [...group]),
  ];
  const spanOf = ({ boundary, intervals }: SignedProfileArgs) => ({
    ...{ end: BigInt(boundary), intervals },
  });
  return submitAll(market, profiles, spanOf, MAX_READINGS, submit, options);
}

/** The same for load profiles that keys of P-256 have signed. One whose signature does not hold fails all of its transaction. */
export function submitCheckedProfiles(
  market: MarketHandle,
  profiles: readonly CheckedProfile[],
  options: SendOptions = {},
): Promise<Submission> {
  const submit = (page: bigint, group: readonly CheckedProfile[]) => {
    const signed = group.map((each) => each.signed);
    return checkedInstruction(market.addresses, page, signed);
  };
  const spanOf = ({ profile }: CheckedProfile) => ({
    ...{ end: profile.boundary, intervals: profile.values.length },
  });
  return submitAll(market, profiles, spanOf, MAX_P256_SIGNATURES, submit, options);
}

/** The meters of the owner. Throws a NoSeatError. */
export async function readMeters(market: MarketHandle): Promise<OwnMeter[]> {
  const [meters, seat] = await Promise.all([readAllMeters(market), readSeatNumber(market)]);
  return meters.filter(({ participant }) => participant === seat);
}

/** All meters of the community, those that were retired too, as long as no other has their row. */
export async function readAllMeters({
  connection,
  parameters,
}: Pick<MarketHandle, "connection" | "parameters">): Promise<OwnMeter[]> {
  const { count, meters } = await readAccount(connection, parameters.meterTable, meterTableKind());
  return meters
    .slice(0, count)
    .map((meter, row) => ({ ...meter, number: meterNumber(row, meter) }));
}

/** What the meter table's meters sign with every message: the program, the chain and the table in one. */
export async function readBinding({ connection, parameters }: MarketHandle) {
  const { binding } = await readAccount(connection, parameters.meterTable, meterTableKind());
  return binding;
}

/** What a message tells of: the boundary at its end, and so many intervals before that. */
type Span = Readonly<{ end: bigint; intervals: number }>;

async function submitAll<Message>(
  { connection, addresses }: MarketHandle,
  messages: readonly Message[],
  spanOf: (message: Message) => Span,
  most: number,
  submit: (page: bigint, group: readonly Message[]) => Promise<readonly Instruction[]>,
  options: SendOptions,
): Promise<Submission> {
  const own = new Map<bigint, Message[]>();
  const beside = new Map<bigint, Message[]>();
  for (const message of messages) {
    const [first, ...others] = pagesOf(addresses, spanOf(message));
    insert(own, first!, message);
    for (const page of others) insert(beside, page, message);
  }
  const receipts: Receipt[] = [];
  const outcomes: MessageOutcome[] = [];
  for (const [page, group] of [...own, ...beside])
    for (const each of await packed(connection, group, most, (part) => submit(page, part))) {
      const receipt = await sendInstructions(connection, each.instructions, options);
      receipts.push(receipt);
      outcomes.push(...outcomesIn(receipt, page));
    }
  return { receipts, outcomes };
}

/** The page that a message lies in, and those beside if it ends or begins at the boundary between: both need that one. */
function pagesOf(addresses: MarketHandle["addresses"], { end, intervals }: Span): bigint[] {
  const length = BigInt(addresses.rings.windowSeconds);
  const begin = end - BigInt(intervals) * length;
  const pages = [end - length, end, begin - length].map((time) => addresses.pageStart(time));
  return intervals > 0 ? [...new Set(pages)] : [...new Set(pages.slice(0, 2))];
}

function insert<Message>(pages: Map<bigint, Message[]>, page: bigint, message: Message) {
  pages.set(page, [...(pages.get(page) ?? []), message]);
}

function outcomesIn({ events }: Receipt, page: bigint): MessageOutcome[] {
  return events.flatMap((event) =>
    event.program === "oracle" && event.kind === "ReadingsProcessed"
      ? event.data.results.map((each) => ({ ...each, page, isKnown: KNOWN.has(each.result) }))
      : [],
  );
}
