// A transaction of the past: what it did, and that those who must have signed it did.

import {
  getAddressEncoder,
  getBase64Encoder,
  getCompiledTransactionMessageDecoder,
  getTransactionDecoder,
  getBase58Encoder,
  type Address,
  type Base64EncodedWireTransaction,
  type ReadonlyUint8Array,
  type Signature,
} from "@solana/kit";

import { isSignedByEd25519 } from "./device-signature.js";

/** One instruction, with the addresses of its accounts. */
export type PastInstruction = Readonly<{
  programAddress: Address;
  accounts: readonly Address[];
  data: ReadonlyUint8Array;
}>;

/** A transaction that did its work. */
export type SignedTransaction = Readonly<{
  signature: Signature;
  slot: bigint;
  instructions: readonly PastInstruction[];
  logs: readonly string[];
}>;

/** As much of an endpoint's answer as is read. */
export type ToldTransaction = Readonly<{
  slot: bigint;
  transaction: readonly [Base64EncodedWireTransaction, "base64"];
  meta: Readonly<{
    logMessages: readonly string[] | null;
    loadedAddresses?: Readonly<{ writable: readonly Address[]; readonly: readonly Address[] }>;
  }> | null;
}>;

/**
 * What an endpoint tells of a transaction with this signature. Undefined if it is another one, can't be read, or was not signed
 * by all who must sign it: whoever tells that is no witness.
 */
export function readTransaction(
  signature: Signature,
  told: ToldTransaction,
): SignedTransaction | undefined {
  try {
    return read(signature, told);
  } catch {
    return undefined;
  }
}

function read(signature: Signature, told: ToldTransaction): SignedTransaction | undefined {
  const { meta, slot } = told;
  const wire = getBase64Encoder().encode(told.transaction[0]);
  const { messageBytes, signatures } = getTransactionDecoder().decode(wire);
  const [first] = Object.values(signatures);
  if (!meta || !first || !isSame(first, getBase58Encoder().encode(signature))) return undefined;
  const address = getAddressEncoder();
  const isSigned = Object.entries(signatures).every(
    ([signer, by]) =>
      by !== null && isSignedByEd25519(by, messageBytes, address.encode(signer as Address)),
  );
  if (!isSigned) return undefined;
  const message = getCompiledTransactionMessageDecoder().decode(messageBytes);
  const loaded = meta.loadedAddresses;
  const keys = [
    ...message.staticAccounts,
    ...(loaded?.writable ?? []),
    ...(loaded?.readonly ?? []),
  ];
  const instructions = instructionsOf(message).map(({ programIndex, accounts, data }) => ({
    programAddress: keyAt(keys, programIndex),
    accounts: accounts.map((place) => keyAt(keys, place)),
    data,
  }));
  return { signature, slot, instructions, logs: meta.logMessages ?? [] };
}

type Compiled = ReturnType<ReturnType<typeof getCompiledTransactionMessageDecoder>["decode"]>;

/** Version 1 has heads and payloads of instructions apart. */
function instructionsOf(message: Compiled) {
  if ("instructionHeaders" in message)
    return message.instructionHeaders.map(({ programAccountIndex }, place) => ({
      programIndex: programAccountIndex,
      accounts: message.instructionPayloads[place]!.instructionAccountIndices,
      data: message.instructionPayloads[place]!.instructionData,
    }));
  return message.instructions.map(({ programAddressIndex, accountIndices, data }) => ({
    programIndex: programAddressIndex,
    accounts: accountIndices ?? [],
    data: data ?? new Uint8Array(),
  }));
}

function keyAt(keys: readonly Address[], place: number): Address {
  const key = keys[place];
  if (key === undefined) throw new RangeError(`the transaction has no account ${place}`);
  return key;
}

const isSame = (one: ReadonlyUint8Array, other: ReadonlyUint8Array) =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);
