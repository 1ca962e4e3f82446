import assert from "node:assert/strict";
import { test } from "vitest";

import {
  compressedPublicKey,
  oracle,
  p256Device,
  P256Error,
  secp256r1CheckInstruction,
  withLowS,
  type P256Signed,
} from "../src/index.js";
import { assertIsFixture, bytes, fixture } from "./fixture.js";

const { p256: cases, check, ed25519 } = fixture("profiles.json");

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const HASHED = { name: "ECDSA", hash: "SHA-256" };

const signed = ({ publicKey, signature, message }: Record<keyof P256Signed, string>) => ({
  publicKey: bytes(publicKey),
  signature: bytes(signature),
  message: bytes(message),
});

const webCryptoKey = (uncompressed: string) =>
  crypto.subtle.importKey("raw", new Uint8Array(bytes(uncompressed)), ALGORITHM, true, ["verify"]);

for (const [index, expected] of cases.entries()) {
  test(`signature ${index} holds by WebCrypto, with either s`, async () => {
    const key = await webCryptoKey(expected.uncompressedKey);
    const message = new Uint8Array(bytes(expected.message));
    for (const signature of [expected.signature, expected.lowS, expected.highS]) {
      const given = new Uint8Array(bytes(signature));
      assert.ok(await crypto.subtle.verify(HASHED, key, given, message));
    }
    message[20]! ^= 1;
    const given = new Uint8Array(bytes(expected.signature));
    assert.ok(!(await crypto.subtle.verify(HASHED, key, given, message)));
  });

  test(`signature ${index} gets the low s, and keeps it`, () => {
    for (const signature of [expected.signature, expected.lowS, expected.highS]) {
      assertIsFixture(withLowS(bytes(signature)), expected.lowS);
    }
  });

  test(`key ${index} is compressed, from WebCrypto and from its bytes`, async () => {
    const key = await webCryptoKey(expected.uncompressedKey);
    assertIsFixture(await compressedPublicKey(key), expected.publicKey);
    const raw = bytes(expected.uncompressedKey);
    assertIsFixture(await compressedPublicKey(raw), expected.publicKey);
  });
}

test("a key is the device of its meter: x, and which y", () => {
  const { P256Even, P256Odd } = oracle.KeyKind;
  for (const [index, keyKind] of [P256Even, P256Odd].entries()) {
    const { publicKey, uncompressedKey } = cases[index];
    const device = bytes(uncompressedKey.slice(2, 66));
    assert.deepEqual(p256Device(bytes(publicKey)), { device, keyKind });
  }
});

test("what is no compressed key is no device", () => {
  const [{ publicKey, uncompressedKey }] = cases;
  assert.throws(() => p256Device(bytes(uncompressedKey)), /33 bytes; this one has 65/);
  assert.throws(() => p256Device(bytes(publicKey.slice(2))), /33 bytes; this one has 32/);
  for (const first of [0, 1, 4]) {
    const other = new Uint8Array([first, ...bytes(publicKey).slice(1)]);
    assert.throws(() => p256Device(other), {
      name: "P256Error",
      message: `a compressed public key of P-256 begins with 2 or 3; this one with ${first}`,
    });
  }
});

test("the fixtures have keys of either sign, and one device that makes a high s", () => {
  const signs = cases.map(({ publicKey }: any) => publicKey.slice(0, 2));
  assert.deepEqual(signs, ["02", "03"]);
  const highs = cases.map(({ signature, highS }: any) => signature === highS);
  assert.deepEqual(highs, [true, false]);
  assert.equal(cases[0].message, ed25519[0].message);
});

test("the check has the bytes of the Rust client, whichever s a device makes", () => {
  const { programAddress, data, accounts } = secp256r1CheckInstruction(cases.map(signed));
  assert.equal(programAddress, "Secp256r1SigVerify1111111111111111111111111");
  assert.equal(accounts, undefined);
  assertIsFixture(data, check);
  const high = cases.map((expected: any) => signed({ ...expected, signature: expected.highS }));
  assert.deepEqual(secp256r1CheckInstruction(high).data, data);
});

test("a check is of one to eight signatures", () => {
  const one = signed(cases[0]);
  assert.equal(secp256r1CheckInstruction(Array(8).fill(one)).data[0], 8);
  assert.throws(() => secp256r1CheckInstruction([]), /1 to 8 signatures, not 0/);
  assert.throws(() => secp256r1CheckInstruction(Array(9).fill(one)), /1 to 8 signatures, not 9/);
});

test("what is no signature is refused by name", () => {
  const order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  const below = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
  const [zero, one] = ["0".repeat(64), "1".padStart(64, "0")];
  for (const [r, s, what] of [
    [zero, one, /^P256Error: r of a signature/],
    [order, one, /^P256Error: r of a signature/],
    [one, zero, /^P256Error: s of a signature/],
    [one, order, /^P256Error: s of a signature/],
    [one, "f".repeat(64), /^P256Error: s of a signature/],
    [one, "", /64 bytes; this one has 32/],
  ] as const) {
    assert.throws(() => withLowS(bytes(r + s)), what);
    const given = { ...signed(cases[0]), signature: bytes(r + s) };
    assert.throws(() => secp256r1CheckInstruction([given]), P256Error);
  }
  assertIsFixture(withLowS(bytes(below + below)), below + one);
});

test("the largest low s is half of the order, rounded down", () => {
  const r = "1".padStart(64, "0");
  const half = "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8";
  const more = "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9";
  assertIsFixture(withLowS(bytes(r + half)), r + half);
  assertIsFixture(withLowS(bytes(r + more)), r + half);
});

test("what is no public key of P-256 is refused", async () => {
  const [{ uncompressedKey, publicKey }] = cases;
  const offCurve = uncompressedKey.slice(0, -2) + "00";
  await assert.rejects(compressedPublicKey(bytes(offCurve)), P256Error);
  await assert.rejects(compressedPublicKey(bytes(publicKey)), /65 bytes; this one has 33/);
  const given = { ...signed(cases[0]), publicKey: bytes(uncompressedKey) };
  assert.throws(() => secp256r1CheckInstruction([given]), /33 bytes; this one has 65/);
  const keys = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  await assert.rejects(compressedPublicKey(keys.privateKey), P256Error);
  assert.equal((await compressedPublicKey(keys.publicKey)).length, 33);
  const longer = { name: "ECDSA", namedCurve: "P-384" };
  const { publicKey: other } = await crypto.subtle.generateKey(longer, false, ["sign", "verify"]);
  await assert.rejects(compressedPublicKey(other), P256Error);
});
