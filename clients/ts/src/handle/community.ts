// The community and its participants, as the registry has them.

import {
  getAddressDecoder,
  getBase58Decoder,
  getBase64Encoder,
  type Address,
  type Base58EncodedBytes,
  type ReadonlyUint8Array,
} from "@solana/kit";

import {
  getParticipantDecoder,
  getParticipantEncoder,
  getParticipantSize,
  PARTICIPANT_DISCRIMINATOR,
  REGISTRY_PROGRAM_ADDRESS,
  type Community,
  type Participant,
} from "../generated/registry/index.js";
import { readAccount } from "./accounts.js";
import type { MarketHandle } from "./handle.js";
import { communityKind } from "./kinds.js";

/** Enough of a market to read from. */
export type MarketReader = Pick<MarketHandle, "connection" | "addresses">;

/** The community's record as it is now. */
export function readCommunity({ connection, addresses }: MarketReader): Promise<Community> {
  return readAccount(connection, addresses.community, communityKind());
}

/**
 * All who have ever applied and whose account still stands, the earliest application first. A node has to look through all of the
 * program's accounts for it.
 */
export async function readParticipants({
  connection,
  addresses,
}: MarketReader): Promise<Participant[]> {
  const { rpc, commitment } = connection;
  const found = await rpc
    .getProgramAccounts(REGISTRY_PROGRAM_ADDRESS, {
      ...{ encoding: "base64", commitment, filters: participantsOf(addresses.community) },
    })
    .send();
  const decoder = getParticipantDecoder();
  return found
    .map(({ account }) => decoder.decode(getBase64Encoder().encode(account.data[0])))
    .sort((one, other) => Number(one.appliedAt - other.appliedAt) || one.index - other.index);
}

function participantsOf(community: Address) {
  return [
    { dataSize: BigInt(getParticipantSize()) },
    equal(0, getBase58Decoder().decode(PARTICIPANT_DISCRIMINATOR)),
    equal(communityOffset(), community),
  ];
}

const equal = (offset: number, bytes: string) => ({
  memcmp: {
    ...{ offset: BigInt(offset), encoding: "base58" as const },
    bytes: bytes as Base58EncodedBytes,
  },
});

/** Where a participant's community stands: there alone do two differ that are the same but for it. */
function communityOffset(): number {
  const empty = getParticipantDecoder().decode(new Uint8Array(getParticipantSize()));
  const other = getAddressDecoder().decode(new Uint8Array(32).fill(0xff));
  const bytes: ReadonlyUint8Array = getParticipantEncoder().encode({ ...empty, community: other });
  return getParticipantEncoder()
    .encode(empty)
    .findIndex((byte, at) => byte !== bytes[at]);
}
