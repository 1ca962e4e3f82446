// The accounts that a bill stands on, as an endpoint tells them.

import {
  parseBase64RpcAccount,
  type Address,
  type Decoder,
  type MaybeEncodedAccount,
} from "@solana/kit";

import { NoSeatError } from "../errors.js";
import type { Ledger } from "../generated/market/index.js";
import { ORACLE_PROGRAM_ADDRESS, type MeterTable } from "../generated/oracle/index.js";
import { NO_INDEX } from "../generated/registry/constants.js";
import type { Participant } from "../generated/registry/index.js";
import { decodeAccount } from "../handle/accounts.js";
import { CLOCK, clockTime } from "../handle/clock.js";
import type { MarketHandle } from "../handle/handle.js";
import { ledgerKind, meterTableKind, pageKind, participantKind } from "../handle/kinds.js";
import { getIntervalPageTableDecoder, type IntervalPageTable } from "../interval-page.js";
import type { PageTable } from "../page.js";
import { forEach, type Requests } from "./requests.js";

/** Accounts that are asked for at once: pages of a town are large. */
const AT_ONCE = 8;

/** An account that was read, and in which slot. */
export type Read<Data> = Readonly<{ address: Address; slot: bigint; data: Data }>;

/** The market's account of a page, and the oracle's; one is missing where the endpoint does not tell it. */
export type PagePair = Readonly<{ page: Read<PageTable>; readings?: Read<IntervalPageTable> }>;

export type Chain = Readonly<{
  /** Of the chain's clock, unix seconds. */
  now: bigint;
  participant: Read<Participant>;
  table: Read<MeterTable>;
  ledger: Read<Ledger>;
}>;

type Found = Readonly<{ slot: bigint; account: MaybeEncodedAccount }>;

const intervalPageKind = () => ({
  ...{ kind: "interval page", program: ORACLE_PROGRAM_ADDRESS },
  version: ({ header }: IntervalPageTable) => header.version,
  decoder: getIntervalPageTableDecoder() as Decoder<IntervalPageTable>,
});

/** What does not depend on the time that is asked about. Throws a NoSeatError. */
export async function readChain(market: MarketHandle, requests: Requests): Promise<Chain> {
  const { addresses, owner } = market;
  const wanted = [
    await addresses.participant(owner),
    addresses.meterTable,
    addresses.ledger,
    CLOCK,
  ];
  const [participant, table, ledger, clock] = (await read(requests, wanted)) as [
    Found,
    Found,
    Found,
    Found,
  ];
  const isKnown = participant.account.exists;
  const member = isKnown ? readAs(participant, participantKind()) : undefined;
  if (!member || member.data.index === NO_INDEX)
    throw new NoSeatError(owner, "it has no seat in this market; check the wallet");
  if (!clock.account.exists) throw new Error("the chain has no clock; check the endpoint's URL");
  return {
    now: clockTime(clock.account.data),
    participant: member,
    table: readAs(table, meterTableKind()),
    ledger: readAs(ledger, ledgerKind()),
  };
}

/** The pages of a time that still stand, by their start. */
export async function readPages(
  { addresses }: MarketHandle,
  requests: Requests,
  starts: readonly bigint[],
  told: (done: number, of: number) => void,
): Promise<Map<bigint, PagePair>> {
  const wanted = await Promise.all(
    starts.flatMap((start) => [addresses.page(start), addresses.intervalPage(start)]),
  );
  const found = await read(requests, wanted, told);
  const pages = new Map<bigint, PagePair>();
  for (const [place, start] of starts.entries()) {
    const page = standing(found[2 * place], start, pageKind());
    const readings = standing(found[2 * place + 1], start, intervalPageKind());
    if (page) pages.set(start, { page, ...(readings ? { readings } : {}) });
  }
  return pages;
}

/** An account of a ring, if it is that of the page which starts then. */
function standing<Data extends { header: { start: bigint } }>(
  found: Found | undefined,
  start: bigint,
  kind: Parameters<typeof decodeAccount<Data>>[1],
): Read<Data> | undefined {
  if (!found?.account.exists) return undefined;
  const read = readAs(found, kind);
  return read.data.header.start === start ? read : undefined;
}

function readAs<Data>(
  { account, slot }: Found,
  kind: Parameters<typeof decodeAccount<Data>>[1],
): Read<Data> {
  return { address: account.address, slot, data: decodeAccount(account, kind) };
}

async function read(
  requests: Requests,
  addresses: readonly Address[],
  told: (done: number, of: number) => void = () => {},
): Promise<(Found | undefined)[]> {
  const groups: Address[][] = [];
  for (let at = 0; at < addresses.length; at += AT_ONCE)
    groups.push(addresses.slice(at, at + AT_ONCE));
  const answers = await forEach(
    groups,
    (group) =>
      requests.ask(
        requests.rpc.getMultipleAccounts(group, {
          ...{ commitment: requests.commitment, encoding: "base64" },
        }),
      ),
    (done) => told(done, groups.length),
  );
  return answers.flatMap((answer, place) =>
    groups[place]!.map((address, at) =>
      answer
        ? {
            slot: BigInt(answer.context.slot),
            account: parseBase64RpcAccount(address, answer.value[at] ?? null),
          }
        : undefined,
    ),
  );
}
