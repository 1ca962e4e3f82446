// The kinds of accounts that are read here.

import {
  createDecoder,
  containsBytes,
  type FixedSizeDecoder,
  type ReadonlyUint8Array,
} from "@solana/kit";

import { getBookTableDecoder } from "../book.js";
import {
  getHistoryDecoder,
  getLedgerDecoder,
  getMarketDecoder,
  getStandingOrdersDecoder,
  MARKET_DISCRIMINATOR,
  MARKET_PROGRAM_ADDRESS,
} from "../generated/market/index.js";
import { getMeterTableDecoder, ORACLE_PROGRAM_ADDRESS } from "../generated/oracle/index.js";
import {
  COMMUNITY_DISCRIMINATOR,
  getCommunityDecoder,
  getParticipantDecoder,
  PARTICIPANT_DISCRIMINATOR,
  REGISTRY_PROGRAM_ADDRESS,
} from "../generated/registry/index.js";
import { getPageTableDecoder } from "../page.js";
import { WrongDiscriminatorError, WrongLengthError } from "../table.js";

/** An account without rows: its decoder asks neither for its kind nor for its exact length. */
function whole<Data>(
  name: string,
  discriminator: ReadonlyUint8Array,
  decoder: FixedSizeDecoder<Data>,
) {
  return createDecoder<Data>({
    read(bytes, offset) {
      if (!containsBytes(bytes, discriminator, offset)) throw new WrongDiscriminatorError(name);
      if (bytes.length - offset !== decoder.fixedSize)
        throw new WrongLengthError(name, bytes.length - offset, decoder.fixedSize);
      return decoder.read(bytes, offset);
    },
  });
}

const ofHeader = ({ header }: { header: { version: number } }) => header.version;
const own = ({ version }: { version: number }) => version;
const program = MARKET_PROGRAM_ADDRESS;

export const marketKind = () => ({
  ...{ kind: "market", program, version: own },
  decoder: whole("market", MARKET_DISCRIMINATOR, getMarketDecoder()),
});
export const communityKind = () => ({
  ...{ kind: "community", program: REGISTRY_PROGRAM_ADDRESS, version: own },
  decoder: whole("community", COMMUNITY_DISCRIMINATOR, getCommunityDecoder()),
});
export const participantKind = () => ({
  ...{ kind: "participant", program: REGISTRY_PROGRAM_ADDRESS, version: own },
  decoder: whole("participant", PARTICIPANT_DISCRIMINATOR, getParticipantDecoder()),
});
export const meterTableKind = () => ({
  ...{ kind: "meter table", program: ORACLE_PROGRAM_ADDRESS, version: own },
  decoder: getMeterTableDecoder(),
});
export const ledgerKind = () => ({
  ...{ kind: "ledger", program, version: own, decoder: getLedgerDecoder() },
});
export const historyKind = () => ({
  ...{ kind: "history", program, version: own, decoder: getHistoryDecoder() },
});
export const bookKind = () => ({
  ...{ kind: "book", program, version: ofHeader, decoder: getBookTableDecoder() },
});
export const pageKind = () => ({
  ...{ kind: "page", program, version: ofHeader, decoder: getPageTableDecoder() },
});
export const standingOrdersKind = () => ({
  ...{ kind: "account of standing orders", program, version: own },
  decoder: getStandingOrdersDecoder(),
});
