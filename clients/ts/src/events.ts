// Events of the three programs in a transaction's log.

import { getBase64Encoder, type ReadonlyUint8Array } from "@solana/kit";

import {
  decodeMarketEvent,
  MARKET_PROGRAM_ADDRESS,
  type MarketEvent,
} from "./generated/market/index.js";
import {
  decodeOracleEvent,
  ORACLE_PROGRAM_ADDRESS,
  type OracleEvent,
} from "./generated/oracle/index.js";
import {
  decodeRegistryEvent,
  REGISTRY_PROGRAM_ADDRESS,
  type RegistryEvent,
} from "./generated/registry/index.js";

/** An event and the program that reported it. */
export type ProgramEvent =
  | ({ program: "registry" } & RegistryEvent)
  | ({ program: "oracle" } & OracleEvent)
  | ({ program: "market" } & MarketEvent);

/** By the program's address. */
const DECODERS = new Map<
  string | undefined,
  (bytes: ReadonlyUint8Array) => ProgramEvent | undefined
>([
  [REGISTRY_PROGRAM_ADDRESS, (bytes) => tagged("registry", decodeRegistryEvent(bytes))],
  [ORACLE_PROGRAM_ADDRESS, (bytes) => tagged("oracle", decodeOracleEvent(bytes))],
  [MARKET_PROGRAM_ADDRESS, (bytes) => tagged("market", decodeMarketEvent(bytes))],
]);

const FRAME = /^Program (\w{32,44}) (?:(invoke) \[\d+\]|success|failed)/;
const DATA = "Program data: ";
const base64 = getBase64Encoder();

/**
 * The events in a transaction's log (`meta.logMessages`), in order.
 *
 * Any program can log any bytes: an event counts only between the `invoke` and the end of the program
 * that it belongs to. A node may cut a long log short; the events behind the cut are then missing, which `EventCounts`
 * notices. What a transaction that failed (`meta.err`) reported never happened.
 */
export function eventsIn(logs: readonly string[]): ProgramEvent[] {
  const running: string[] = [];
  const events: ProgramEvent[] = [];
  for (const line of logs) {
    const [, program, isInvoke] = FRAME.exec(line) ?? [];
    if (program !== undefined) {
      if (isInvoke) running.push(program);
      else running.pop();
    } else if (line.startsWith(DATA)) {
      const decode = DECODERS.get(running.at(-1));
      const event = decode?.(base64.encode(line.slice(DATA.length)));
      if (event) events.push(event);
    }
  }
  return events;
}

function tagged<Program extends string, Event extends object>(
  program: Program,
  event: Event | undefined,
): ({ program: Program } & Event) | undefined {
  return event && { program, ...event };
}
