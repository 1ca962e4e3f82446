// Who sends them: the community's authority, or a participant with the role of operator.

import type { Address, ReadonlyUint8Array, TransactionSigner } from "@solana/kit";

import type { Addresses } from "../addresses.js";
import {
  getApproveInstruction,
  getReinstateInstruction,
  getSuspendInstruction,
  type Participant,
} from "../generated/registry/index.js";

/** Who acts for the community. */
export type Actor = Readonly<{
  signer: TransactionSigner;
  /** The participant that it acts as; left out by the authority. */
  acting?: Address | undefined;
}>;

/** What an approval is bound to: an application that says anything else by then is refused. */
export type Application = Pick<
  Participant,
  "wallet" | "roles" | "zone" | "balancingGroup" | "identityHash"
>;

/** Lets an applicant in, as it was reviewed, with the roles in it. */
export async function approve(addresses: Addresses, actor: Actor, reviewed: Application) {
  const { wallet, roles, zone, balancingGroup, identityHash } = reviewed;
  return getApproveInstruction({
    ...(await registryAccounts(addresses, actor, wallet)),
    ...{ roles, zone, balancingGroup, identityHash },
  });
}

/** Suspends an active participant for a reason of the community's own list, perhaps with the SHA-256 of a record of it. */
export async function suspend(
  addresses: Addresses,
  actor: Actor,
  wallet: Address,
  reason: number,
  evidence: ReadonlyUint8Array | null = null,
) {
  const accounts = await registryAccounts(addresses, actor, wallet);
  return getSuspendInstruction({ ...accounts, reason, evidence });
}

/** Makes a suspended participant active again, with the roles and the index it had. */
export async function reinstate(addresses: Addresses, actor: Actor, wallet: Address) {
  return getReinstateInstruction(await registryAccounts(addresses, actor, wallet));
}

async function registryAccounts(addresses: Addresses, actor: Actor, wallet: Address) {
  return {
    ...actorAccounts(actor),
    community: addresses.community,
    participant: await addresses.participant(wallet),
  };
}

/** As all instructions call them. */
export function actorAccounts({ signer, acting }: Actor) {
  return { actor: signer, ...(acting !== undefined && { acting }) };
}
