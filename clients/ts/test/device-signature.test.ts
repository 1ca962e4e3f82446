// Signatures of devices, and what they are of: held to what the Rust client's tests have written down.

import assert from "node:assert/strict";

import { test } from "vitest";

import { address, createKeyPairFromPrivateKeyBytes, type Address } from "@solana/kit";

import {
  isSignedByDevice,
  oracle,
  p256Device,
  packValues,
  secp256r1Checked,
  unpackValues,
  type SignedMessage,
} from "../src/index.js";
import { assertIsFixture, bytes, fixture } from "./fixture.js";

const { ed25519, p256, check } = fixture("profiles.json");
const PRECOMPILE: Address = address("Secp256r1SigVerify1111111111111111111111111");

const bent = (message: SignedMessage): SignedMessage => ({
  ...message,
  message: message.message.map((byte, at) => (at === 60 ? byte ^ 1 : byte)) as Uint8Array,
});

for (const [index, each] of ed25519.entries())
  test(`message ${index} is signed by its device of Ed25519, and another is not`, async () => {
    const keys = await createKeyPairFromPrivateKeyBytes(bytes(each.deviceSeed), true);
    const device = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
    const meter = { device, keyKind: oracle.KeyKind.Ed25519 };
    const signed = { message: bytes(each.message), signature: bytes(each.signature) };
    assert.ok(isSignedByDevice(signed, meter));
    assert.ok(!isSignedByDevice(bent(signed), meter));
    assert.ok(!isSignedByDevice(signed, { ...meter, keyKind: oracle.KeyKind.P256Even }));
    assert.ok(!isSignedByDevice({ ...signed, signature: new Uint8Array(3) }, meter));
  });

for (const [index, each] of p256.entries())
  test(`message ${index} is signed by its device of P-256, with either s, and another is not`, () => {
    const publicKey = bytes(each.publicKey);
    const meter = p256Device(publicKey);
    for (const signature of [each.lowS, each.highS]) {
      const signed = { message: bytes(each.message), signature: bytes(signature), publicKey };
      assert.ok(isSignedByDevice(signed, meter));
      assert.ok(!isSignedByDevice(bent(signed), meter));
      assert.ok(!isSignedByDevice(signed, p256Device(bytes(p256[1 - index].publicKey))));
    }
  });

const withValues = ed25519.filter((each: any) => each.profile.values.length > 0);

for (const [index, each] of withValues.entries())
  test(`values ${index} are unpacked as they were packed, and bytes that are none are not`, () => {
    const packed = bytes(each.packed);
    const values = unpackValues(packed, each.profile.values.length);
    assert.deepEqual(values, each.profile.values);
    assertIsFixture(packValues(values!), each.packed);
    assert.equal(unpackValues(packed, each.profile.values.length + 1), undefined);
    assert.equal(unpackValues(packed, each.profile.values.length - 1), undefined);
    assert.equal(unpackValues(packed.slice(0, -1), each.profile.values.length), undefined);
  });

test("numbers with more bytes than they need, kinds that are none, and too much energy are no values", () => {
  const none = [[0x80, 0], [3], [1], [2, 0], [0x80, 0x80, 0x80, 0x80, 0x80, 1], [0x80]];
  for (const packed of none) assert.equal(unpackValues(new Uint8Array(packed), 1), undefined);
});

test("what the precompile has checked is read back, and nothing of what points elsewhere", () => {
  const data = bytes(check);
  const read = secp256r1Checked({ programAddress: PRECOMPILE, data });
  assertIsFixture(
    read,
    p256.map((each: any) => ({
      signature: each.lowS,
      publicKey: each.publicKey,
      message: each.message,
    })),
  );
  const elsewhere = new Uint8Array(data);
  elsewhere[4] = 0;
  assert.equal(secp256r1Checked({ programAddress: PRECOMPILE, data: elsewhere }), undefined);
  assert.equal(
    secp256r1Checked({ programAddress: PRECOMPILE, data: data.slice(0, 60) }),
    undefined,
  );
  const other = address("11111111111111111111111111111111");
  assert.equal(secp256r1Checked({ programAddress: other, data }), undefined);
});
