// Which seat a wallet has.

import { NoSeatError } from "../errors.js";
import { NO_INDEX } from "../generated/registry/constants.js";
import { ParticipantStatus, type Participant } from "../generated/registry/index.js";
import { decodeAccount, fetchAccounts } from "./accounts.js";
import type { MarketHandle } from "./handle.js";
import { participantKind } from "./kinds.js";

/** Whose seat it is, and where. */
export type SeatOwner = Pick<MarketHandle, "connection" | "addresses" | "owner">;

/** The owner's record in the registry. Throws a NoSeatError if there is none. */
export async function readParticipant({
  connection,
  addresses,
  owner,
}: SeatOwner): Promise<Participant> {
  const [account] = await fetchAccounts(connection, [await addresses.participant(owner)]);
  if (!account?.exists)
    throw new NoSeatError(owner, "it is no participant of the community; apply for it first");
  return decodeAccount(account, participantKind());
}

/** The number of the owner's seat. Throws a NoSeatError. */
export async function readSeatNumber(who: SeatOwner): Promise<number> {
  const { index, status } = await readParticipant(who);
  if (index === NO_INDEX)
    throw new NoSeatError(
      who.owner,
      status === ParticipantStatus.Applied
        ? "its application was not approved yet; ask an operator of the community"
        : "it has left, and another has succeeded it; apply again",
    );
  return index;
}
