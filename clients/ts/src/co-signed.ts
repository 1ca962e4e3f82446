// Changes that a meter's owner has to sign beside whoever acts for the community: taken out of a transaction, and nothing believed.

import {
  appendTransactionMessageInstructions,
  compileTransactionMessage,
  createNoopSigner,
  createTransactionMessage,
  decompileTransactionMessage,
  getCompiledTransactionMessageDecoder,
  getPublicKeyFromAddress,
  isTransactionMessageWithDurableNonceLifetime,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingDurableNonce,
  unwrapOption,
  verifySignature,
  type Address,
  type CompiledTransactionMessage,
  type Instruction,
  type Transaction,
} from "@solana/kit";

import type { Addresses } from "./addresses.js";
import type { DurableNonce } from "./connection/nonce.js";
import { CoSignatureError } from "./errors.js";
import {
  getRegisterMeterInstructionDataDecoder,
  getRetireMeterInstructionDataDecoder,
  identifyOracleInstruction,
  ORACLE_PROGRAM_ADDRESS,
  OracleInstruction,
  type FinalRegisters,
  type MeterDetails,
} from "./generated/oracle/index.js";
import { registerMeter, retireMeter } from "./instructions/meters.js";
import type { Actor } from "./instructions/operators.js";

/** What two sign. `owner` is the wallet that agrees. */
export type CoSigned =
  | Readonly<{ kind: "registerMeter"; owner: Address; details: MeterDetails }>
  | Readonly<{
      kind: "retireMeter";
      owner: Address;
      meter: number;
      /** What its device shows in the end; null if that is not named. */
      registers: FinalRegisters | null;
    }>;

/** What a transaction asks for, once nothing is wrong with it. */
export type CoSignedRequest = Readonly<{
  change: CoSigned;
  /** Who asks, and pays. */
  payer: Address;
  nonce: DurableNonce;
  transaction: Transaction;
}>;

const COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111";
/** Where a meter's instructions have who acts as what, and the wallet of its owner. */
const ACTING_AT = 1;
const OWNER_AT = 5;

/** The instruction, which the actor and whoever agrees sign. */
export function coSignedInstruction(addresses: Addresses, actor: Actor, change: CoSigned) {
  const owner = createNoopSigner(change.owner);
  return change.kind === "registerMeter"
    ? registerMeter(addresses, actor, owner, change.details)
    : retireMeter(addresses, actor, owner, change.meter, change.registers);
}

/** Throws a CoSignatureError. */
export async function examine(
  addresses: Addresses,
  own: Address,
  transaction: Transaction,
): Promise<CoSignedRequest> {
  const compiled = compiledOf(transaction);
  const { payer, nonce, budget, change, actor } = await understood(addresses, compiled);
  const again = pipe(
    createTransactionMessage({ version: compiled.version as "legacy" }),
    (message) => setTransactionMessageFeePayer(payer, message),
    (message) =>
      setTransactionMessageLifetimeUsingDurableNonce(
        {
          ...{ nonce: nonce.value, nonceAccountAddress: nonce.account },
          nonceAuthorityAddress: payer,
        },
        message,
      ),
    (message) => appendTransactionMessageInstructions(budget, message),
  );
  const instruction = await coSignedInstruction(addresses, actor, change);
  const anew = compileTransactionMessage(
    appendTransactionMessageInstructions([instruction], again),
  );
  if (said(anew) !== said(compiled)) throw new CoSignatureError("bent");
  if (payer === own) throw new CoSignatureError("youPay");
  if (change.owner !== own) throw new CoSignatureError("forAnother", change.owner);
  const signature = transaction.signatures[payer];
  const isSigned =
    signature !== null &&
    signature !== undefined &&
    (await verifySignature(
      await getPublicKeyFromAddress(payer),
      signature,
      transaction.messageBytes,
    ));
  if (!isSigned) throw new CoSignatureError("badSignature", payer);
  return { change, payer, nonce, transaction };
}

function compiledOf(transaction: Transaction): CompiledTransactionMessage {
  try {
    return getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
  } catch (cause) {
    throw new CoSignatureError("none", undefined, { cause });
  }
}

async function understood(addresses: Addresses, compiled: CompiledTransactionMessage) {
  const unknown = () => new CoSignatureError("unknownKind");
  let message: ReturnType<typeof decompileTransactionMessage>;
  try {
    // Accounts of lookup tables are not given: what names any can't be taken apart.
    message = decompileTransactionMessage(compiled as never);
  } catch (cause) {
    throw new CoSignatureError("unknownKind", undefined, { cause });
  }
  if (!isTransactionMessageWithDurableNonceLifetime(message)) throw unknown();
  const instructions = message.instructions as readonly Instruction[];
  const [advance, ...rest] = instructions;
  const last = rest.pop();
  const account = advance?.accounts?.[0]?.address;
  const payer = message.feePayer.address;
  const isBudget = ({ programAddress, accounts }: Instruction) =>
    programAddress === COMPUTE_BUDGET && (accounts?.length ?? 0) === 0;
  if (!last || account === undefined || !rest.every(isBudget)) throw unknown();
  const owner = last.accounts?.[OWNER_AT]?.address;
  const change = owner && decoded(last, owner);
  if (!change) throw unknown();
  const isAuthority = last.accounts?.[ACTING_AT]?.address === ORACLE_PROGRAM_ADDRESS;
  const acting = isAuthority ? undefined : await addresses.participant(payer);
  const nonce: DurableNonce = {
    ...{ account, authority: payer },
    value: message.lifetimeConstraint.nonce,
  };
  return { payer, nonce, budget: rest, change, actor: { signer: createNoopSigner(payer), acting } };
}

function decoded({ programAddress, data }: Instruction, owner: Address): CoSigned | undefined {
  if (programAddress !== ORACLE_PROGRAM_ADDRESS || !data) return undefined;
  try {
    switch (identifyOracleInstruction(data)) {
      case OracleInstruction.RegisterMeter: {
        const { details } = getRegisterMeterInstructionDataDecoder().decode(data);
        return { kind: "registerMeter", owner, details };
      }
      case OracleInstruction.RetireMeter: {
        const { meter, registers } = getRetireMeterInstructionDataDecoder().decode(data);
        return { kind: "retireMeter", owner, meter, registers: unwrapOption(registers) };
      }
      default:
        return undefined;
    }
  } catch {
    // Of another kind, or cut short.
    return undefined;
  }
}

/** All that a message says, however its accounts are sorted: two that say the same do the same. */
function said(compiled: CompiledTransactionMessage): string {
  const { header, staticAccounts, lifetimeToken } = compiled as CompiledTransactionMessage & {
    lifetimeToken: string;
  };
  const { numSignerAccounts, numReadonlySignerAccounts, numReadonlyNonSignerAccounts } = header;
  const role = (_: Address, at: number) =>
    at < numSignerAccounts
      ? at < numSignerAccounts - numReadonlySignerAccounts
        ? "signs and changes"
        : "signs"
      : at < staticAccounts.length - numReadonlyNonSignerAccounts
        ? "changes"
        : "is read";
  const accounts = staticAccounts.map((of, at) => `${of} ${role(of, at)}`).sort();
  const instructions = instructionsOf(compiled).map(
    ({ programAddressIndex, accountIndices = [], data = new Uint8Array() }) => [
      staticAccounts[programAddressIndex],
      accountIndices.map((at) => staticAccounts[at]),
      [...data],
    ],
  );
  return JSON.stringify([
    compiled.version,
    staticAccounts[0],
    lifetimeToken,
    accounts,
    instructions,
  ]);
}

type CompiledInstruction = Readonly<{
  programAddressIndex: number;
  accountIndices?: readonly number[];
  data?: Iterable<number>;
}>;

/** Messages of version 1 have them elsewhere; none of those is one of a known kind. */
function instructionsOf(compiled: CompiledTransactionMessage): readonly CompiledInstruction[] {
  return "instructions" in compiled ? compiled.instructions : [];
}
