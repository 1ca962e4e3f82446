// Who sends them: the community's authority, or a participant with the role of verifier; to quarantine, that of emergency too.
// What can cost an owner something, the owner signs as well.

import type { Address, TransactionSigner } from "@solana/kit";

import type { Addresses } from "../addresses.js";
import {
  getQuarantineMeterInstruction,
  getRegisterMeterInstruction,
  getRestoreMeterInstruction,
  getRetireMeterInstruction,
  type FinalRegistersArgs,
  type MeterDetailsArgs,
} from "../generated/oracle/index.js";
import { actorAccounts, type Actor } from "./operators.js";

/** Enters a meter of the participant who owns the wallet `owner`, which signs too. It is in service from the next page on. */
export async function registerMeter(
  addresses: Addresses,
  actor: Actor,
  owner: TransactionSigner,
  details: MeterDetailsArgs,
) {
  return getRegisterMeterInstruction({
    ...tableAccounts(addresses, actor),
    ...{ owner: await addresses.participant(owner.address), ownerWallet: owner, details },
  });
}

/** Stops taking a meter's readings, for a reason of the community's own list: any but 0 and 65,535, which are the program's. */
export function quarantineMeter(addresses: Addresses, actor: Actor, meter: number, reason: number) {
  return getQuarantineMeterInstruction({ ...tableAccounts(addresses, actor), meter, reason });
}

/** Takes a meter out of quarantine; `owner` is the wallet of whoever has it, and signs nothing. */
export async function restoreMeter(
  addresses: Addresses,
  actor: Actor,
  owner: Address,
  meter: number,
) {
  return getRestoreMeterInstruction({
    ...tableAccounts(addresses, actor),
    ...{ owner: await addresses.participant(owner), meter },
  });
}

/**
 * Ends a meter's service with this page, with the registers that it shows now, as its owner signs too. The authority alone does
 * it without either.
 */
export async function retireMeter(
  addresses: Addresses,
  actor: Actor,
  owner: Address | TransactionSigner,
  meter: number,
  registers: FinalRegistersArgs | null,
) {
  const agrees = typeof owner !== "string";
  const wallet = agrees ? owner.address : owner;
  return getRetireMeterInstruction({
    ...tableAccounts(addresses, actor),
    ...{ owner: await addresses.participant(wallet), meter, registers },
    ...(agrees && { ownerWallet: owner }),
  });
}

function tableAccounts({ community, meterTable }: Addresses, actor: Actor) {
  return { ...actorAccounts(actor), community, meterTable };
}
