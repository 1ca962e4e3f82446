// What devices have signed, in a transaction that the oracle took it from.

import type { Address, ReadonlyUint8Array } from "@solana/kit";

import { eventsIn } from "../events.js";
import {
  getProfileMessageDecoder,
  getSubmitProfilesInstructionDataDecoder,
  getSubmitReadingsInstructionDataDecoder,
  ORACLE_PROGRAM_ADDRESS,
  ReadingResult,
  SUBMIT_CHECKED_PROFILES_DISCRIMINATOR,
  SUBMIT_PROFILES_DISCRIMINATOR,
  SUBMIT_READINGS_DISCRIMINATOR,
  type MeterTable,
  type ReadingOutcome,
  type SignedProfile,
} from "../generated/oracle/index.js";
import { profileMessage, unpackValues } from "../profile.js";
import { readingMessage } from "../reading.js";
import { secp256r1Checked } from "../secp256r1.js";
import type { SignedMessage } from "./device-signature.js";
import type { PastInstruction, SignedTransaction } from "./transaction.js";

/** Both registers of a meter at a boundary. */
export type BoundaryRegisters = Readonly<{ boundary: bigint; import: bigint; export: bigint }>;

/** A message of a meter that the oracle took. */
export type DeviceMessage = SignedMessage &
  Readonly<{
    /** The meter's number. */
    meter: number;
    /** The oracle's account that took it. */
    page: Address;
    /** Registers that it tells, the earliest first. */
    registers: readonly BoundaryRegisters[];
  }>;

/** What ties messages to a meter table, and how long its intervals are. */
export type MeterTableTerms = Pick<MeterTable, "binding" | "intervalSeconds"> &
  Readonly<{ address: Address }>;

/** More intervals than any page has. */
const MOST_INTERVALS = 8_192;

/** The messages that a transaction had the oracle take for a meter table; those that it rejected are left out. */
export function deviceMessages(
  { instructions, logs }: Pick<SignedTransaction, "instructions" | "logs">,
  table: MeterTableTerms,
): DeviceMessage[] {
  const calls = instructions.flatMap((instruction, place) => {
    const isOurs =
      instruction.programAddress === ORACLE_PROGRAM_ADDRESS &&
      instruction.accounts[0] === table.address;
    const call = isOurs ? messagesIn(instruction, instructions[place - 1], table) : undefined;
    return call ? [call] : [];
  });
  const answers = eventsIn(logs).flatMap((event) =>
    event.program === "oracle" &&
    event.kind === "ReadingsProcessed" &&
    event.data.meterTable === table.address
      ? [event.data.results]
      : [],
  );
  // Otherwise nobody can tell which answer is whose: another program has called, or the log was cut short.
  if (answers.length !== calls.length) return [];
  return calls.flatMap((messages, place) => taken(messages, answers[place]!));
}

function taken(
  messages: readonly (DeviceMessage | undefined)[],
  outcomes: readonly ReadingOutcome[],
): DeviceMessage[] {
  if (messages.length !== outcomes.length) return [];
  return messages.flatMap((message, place) => {
    const { meter, result } = outcomes[place]!;
    const isTaken = result === ReadingResult.Counted || result === ReadingResult.Filled;
    return message && isTaken && message.meter === meter ? [message] : [];
  });
}

/** What one call has brought, undefined for a message that can't be read; undefined for a call that is another one. */
function messagesIn(
  { data, accounts }: PastInstruction,
  previous: PastInstruction | undefined,
  table: MeterTableTerms,
): (DeviceMessage | undefined)[] | undefined {
  const page = accounts[1];
  const is = (discriminator: ReadonlyUint8Array) =>
    discriminator.every((byte, at) => byte === data[at]);
  if (page === undefined) return undefined;
  try {
    if (is(SUBMIT_READINGS_DISCRIMINATOR))
      return getSubmitReadingsInstructionDataDecoder()
        .decode(data)
        .readings.map((reading) => ({
          ...{ meter: reading.meter, page, registers: [registersOf(reading)] },
          message: readingMessage(table.binding, reading),
          signature: reading.signature,
        }));
    if (is(SUBMIT_PROFILES_DISCRIMINATOR))
      return getSubmitProfilesInstructionDataDecoder()
        .decode(data)
        .profiles.map((profile) => fromProfile(profile, page, table));
    if (is(SUBMIT_CHECKED_PROFILES_DISCRIMINATOR) && previous)
      return secp256r1Checked(previous)?.map((signed) => fromChecked(signed, page, table));
  } catch {
    // Arguments that can't be read are nobody's message.
  }
  return undefined;
}

function fromProfile(
  profile: SignedProfile,
  page: Address,
  table: MeterTableTerms,
): DeviceMessage | undefined {
  const { meter, signature, intervals } = profile;
  if (intervals > MOST_INTERVALS) return undefined;
  const values = unpackValues(profile.values, intervals);
  const registers = values && registersBack(profile, values, table.intervalSeconds);
  if (!registers) return undefined;
  const message = profileMessage(table.binding, { ...profile, values });
  return { meter, page, registers, message, signature };
}

function fromChecked(
  signed: SignedMessage,
  page: Address,
  table: MeterTableTerms,
): DeviceMessage | undefined {
  const head = getProfileMessageDecoder();
  const { message } = signed;
  if (message.length < head.fixedSize) return undefined;
  const profile = head.decode(message);
  const packed = message.slice(head.fixedSize);
  const read = fromProfile(
    { ...profile, values: packed, signature: signed.signature },
    page,
    table,
  );
  // What was signed is this very message, for this very table.
  const isSame =
    read?.message.length === message.length &&
    read.message.every((byte, at) => byte === message[at]);
  return isSame ? { ...read, ...signed } : undefined;
}

/** The registers at all boundaries of a profile: back from the last one. */
function registersBack(
  last: Readonly<{ boundary: bigint; import: bigint; export: bigint }>,
  values: readonly Readonly<{ import: number; export: number }>[],
  intervalSeconds: number,
): BoundaryRegisters[] | undefined {
  const all = [registersOf(last)];
  for (const value of [...values].reverse()) {
    const { boundary, ...after } = all[0]!;
    const before = {
      boundary: boundary - BigInt(intervalSeconds),
      import: after.import - BigInt(value.import),
      export: after.export - BigInt(value.export),
    };
    if (before.import < 0n || before.export < 0n) return undefined;
    all.unshift(before);
  }
  return all;
}

const registersOf = (of: BoundaryRegisters): BoundaryRegisters => ({
  boundary: of.boundary,
  import: of.import,
  export: of.export,
});
