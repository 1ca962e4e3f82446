// Messages signed with a key of NIST P-256, as the secp256r1 precompile checks them (SIMD-0075).

import {
  address,
  getArrayCodec,
  getBase16Codec,
  getU16Codec,
  type Instruction,
  type InstructionWithData,
  type ReadonlyUint8Array,
} from "@solana/kit";

import { KeyKind } from "./generated/oracle/index.js";

const PRECOMPILE = address("Secp256r1SigVerify1111111111111111111111111");

/** The most signatures that a transaction may have checked. */
export const MAX_P256_SIGNATURES = 8;

/** The order of the curve (SP 800-186, section 3.2.1.3). */
const ORDER = 0xffffffff_00000000_ffffffff_ffffffff_bce6faad_a7179e84_f3b9cac2_fc632551n;

/** Before the first signature's numbers: how many there are, and a byte of no meaning. */
const HEAD_LENGTH = 2;
/** Where something stands in the instruction itself. */
const ITSELF = 0xffff;

const SCALAR_LENGTH = 32;
const SIGNATURE_LENGTH = 64;
const PUBLIC_KEY_LENGTH = 33;
const UNCOMPRESSED_LENGTH = 65;

/** By the first byte of a compressed key. */
const KEY_KINDS = new Map([
  [2, KeyKind.P256Even],
  [3, KeyKind.P256Odd],
]);

const hex = getBase16Codec();
/** Of one signature, where it, its key and its message stand: seven numbers of 16 bits. */
const offsets = getArrayCodec(getU16Codec(), { size: 7 });

/** A message with its signature and the key that made it. */
export type P256Signed = Readonly<{
  /** Compressed, 33 bytes. See {@link compressedPublicKey}. */
  publicKey: ReadonlyUint8Array;
  /** r and s, 32 bytes each, the highest first: as WebCrypto has it, and not DER. Either of the two s may be there. */
  signature: ReadonlyUint8Array;
  /** Of a load profile its {@link profileMessage}. */
  message: ReadonlyUint8Array;
}>;

/** Bytes that are no signature, or no public key, over P-256. */
export class P256Error extends TypeError {
  override readonly name = "P256Error";
}

/**
 * The signature with the lower of the two s that hold, the only one that the precompile takes: a device may have made either.
 * Throws a {@link P256Error} if it is none at all: r or s is zero or not below the order.
 */
export function withLowS(signature: ReadonlyUint8Array): ReadonlyUint8Array {
  checkLength("a signature over P-256", signature, SIGNATURE_LENGTH);
  const r = scalar("r", signature.slice(0, SCALAR_LENGTH));
  const s = scalar("s", signature.slice(SCALAR_LENGTH));
  const lowS = s > ORDER / 2n ? ORDER - s : s;
  return new Uint8Array([...scalarBytes(r), ...scalarBytes(lowS)]);
}

/**
 * Has the precompile check 1 to {@link MAX_P256_SIGNATURES} signatures; one that does not hold fails the transaction. It costs
 * the fee of a signature each. Comes right before the instruction that reads it.
 */
export function secp256r1CheckInstruction(
  signed: readonly P256Signed[],
): Instruction & InstructionWithData<ReadonlyUint8Array> {
  const count = signed.length;
  if (count < 1 || count > MAX_P256_SIGNATURES) {
    throw new RangeError(`a check is of 1 to ${MAX_P256_SIGNATURES} signatures, not ${count}`);
  }
  const places: number[] = [];
  const parts: number[] = [];
  const partsAt = HEAD_LENGTH + count * offsets.fixedSize;
  for (const { publicKey, signature, message } of signed) {
    checkLength("a compressed public key of P-256", publicKey, PUBLIC_KEY_LENGTH);
    const signatureAt = partsAt + parts.length;
    const publicKeyAt = signatureAt + SIGNATURE_LENGTH;
    const messageAt = publicKeyAt + PUBLIC_KEY_LENGTH;
    places.push(
      ...offsets.encode([
        ...[signatureAt, ITSELF, publicKeyAt, ITSELF],
        ...[messageAt, message.length, ITSELF],
      ]),
    );
    parts.push(...withLowS(signature), ...publicKey, ...message);
  }
  return { programAddress: PRECOMPILE, data: new Uint8Array([count, 0, ...places, ...parts]) };
}

/**
 * What an instruction had the precompile check. Undefined for one of another program, and for one that points into other
 * instructions: none that is made here does.
 */
export function secp256r1Checked(
  instruction: Pick<Instruction, "programAddress"> & { readonly data?: ReadonlyUint8Array },
): P256Signed[] | undefined {
  const { programAddress, data } = instruction;
  if (programAddress !== PRECOMPILE || !data) return undefined;
  const all: P256Signed[] = [];
  for (let place = 0; place < (data[0] ?? 0); place++) {
    const at = HEAD_LENGTH + place * offsets.fixedSize;
    if (at + offsets.fixedSize > data.length) return undefined;
    const [signatureAt, signatureOf, keyAt, keyOf, messageAt, length, messageOf] = offsets.decode(
      data,
      at,
    ) as [number, number, number, number, number, number, number];
    if ([signatureOf, keyOf, messageOf].some((of) => of !== ITSELF)) return undefined;
    const signature = data.slice(signatureAt, signatureAt + SIGNATURE_LENGTH);
    const publicKey = data.slice(keyAt, keyAt + PUBLIC_KEY_LENGTH);
    const message = data.slice(messageAt, messageAt + length);
    const isWhole =
      signature.length === SIGNATURE_LENGTH &&
      publicKey.length === PUBLIC_KEY_LENGTH &&
      message.length === length;
    if (!isWhole) return undefined;
    all.push({ signature, publicKey, message });
  }
  return all;
}

/**
 * A public key in 33 bytes (SEC 1, section 2.3.3): of one of WebCrypto, or of its 65 bytes, which are a 4, x and y. The first
 * of them says which y, the others are x: {@link p256Device} takes them apart. Throws a {@link P256Error} for what is no public
 * key of this curve.
 */
export async function compressedPublicKey(
  key: CryptoKey | ReadonlyUint8Array,
): Promise<ReadonlyUint8Array> {
  const bytes = await uncompressed(key);
  const isYOdd = bytes[bytes.length - 1]! % 2 === 1;
  return new Uint8Array([isYOdd ? 3 : 2, ...bytes.slice(1, PUBLIC_KEY_LENGTH)]);
}

/**
 * The device of a meter with this compressed public key, as `register_meter` and `change_device` take it: x, and the kind that
 * says which of the two y is meant. Throws a {@link P256Error} for what is no compressed key; whether its point is on the
 * curve it does not look: {@link compressedPublicKey} does.
 */
export function p256Device(
  publicKey: ReadonlyUint8Array,
): Readonly<{ device: ReadonlyUint8Array; keyKind: KeyKind }> {
  checkLength("a compressed public key of P-256", publicKey, PUBLIC_KEY_LENGTH);
  const keyKind = KEY_KINDS.get(publicKey[0]!);
  if (keyKind === undefined) {
    throw new P256Error(
      `a compressed public key of P-256 begins with 2 or 3; this one with ${publicKey[0]}`,
    );
  }
  return { device: publicKey.slice(1), keyKind };
}

async function uncompressed(key: CryptoKey | ReadonlyUint8Array): Promise<Uint8Array> {
  if (!("algorithm" in key)) {
    checkLength("an uncompressed public key of P-256", key, UNCOMPRESSED_LENGTH);
    return uncompressed(await imported(new Uint8Array(key)));
  }
  if (key.type !== "public" || (key.algorithm as EcKeyAlgorithm).namedCurve !== "P-256") {
    throw new P256Error("this is no public key of P-256");
  }
  return new Uint8Array(await crypto.subtle.exportKey("raw", key));
}

/** WebCrypto sees to it that the point is on the curve. */
async function imported(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  try {
    return await crypto.subtle.importKey("raw", bytes, algorithm, true, ["verify"]);
  } catch (cause) {
    throw new P256Error("these bytes are no public key of P-256", { cause });
  }
}

function checkLength(what: string, { length }: ReadonlyUint8Array, expected: number) {
  if (length !== expected) {
    throw new P256Error(`${what} has ${expected} bytes; this one has ${length}`);
  }
}

function scalar(name: string, bytes: ReadonlyUint8Array): bigint {
  const value = BigInt(`0x${hex.decode(bytes)}`);
  if (value > 0n && value < ORDER) return value;
  throw new P256Error(`${name} of a signature over P-256 is zero, or not below the curve's order`);
}

function scalarBytes(value: bigint): ReadonlyUint8Array {
  return hex.encode(value.toString(16).padStart(2 * SCALAR_LENGTH, "0"));
}
