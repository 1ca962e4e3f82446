import assert from "node:assert/strict";
import { test } from "vitest";

import { createKeyPairFromPrivateKeyBytes } from "@solana/kit";

import {
  packValues,
  profileMessage,
  signProfile,
  UnitError,
  wh,
  whSum,
  type Energy,
  type Profile,
} from "../src/index.js";
import { assertIsFixture, bytes, fixture } from "./fixture.js";

const { ed25519: cases } = fixture("profiles.json");

const energy = (drawn: number, fedIn: number): Energy => ({ import: wh(drawn), export: wh(fedIn) });

function profile(text: any): Profile {
  return {
    meter: text.meter,
    boundary: BigInt(text.boundary),
    sequence: BigInt(text.sequence),
    import: whSum(BigInt(text.import)),
    export: whSum(BigInt(text.export)),
    flags: text.flags,
    values: text.values.map((value: any) => energy(value.import, value.export)),
  };
}

for (const [index, expected] of cases.entries()) {
  const binding = bytes(expected.binding);
  const given = profile(expected.profile);

  test(`profile ${index} has the bytes that the program verifies`, () => {
    assertIsFixture(packValues(given.values), expected.packed);
    const message = profileMessage(binding, given);
    assert.equal(message.length, 88 + expected.packed.length / 2);
    assertIsFixture(message, expected.message);
  });

  test(`profile ${index} is signed alike by a key pair and by a function`, async () => {
    const keys = await createKeyPairFromPrivateKeyBytes(bytes(expected.deviceSeed));
    const signed = await signProfile(keys, binding, given);
    assertIsFixture(signed, {
      ...expected.profile,
      values: expected.packed,
      intervals: given.values.length,
      signature: expected.signature,
    });

    const signature = bytes(expected.signature);
    const device = (message: unknown) => {
      assertIsFixture(message, expected.message);
      return signature;
    };
    assert.deepEqual(await signProfile(device, binding, given), signed);
  });
}

test("energies of a household take one byte, or two", () => {
  const length = (value: Energy) => packValues([value]).length;
  assert.deepEqual([length(energy(0, 0)), length(energy(31, 0)), length(energy(0, 31))], [1, 1, 1]);
  assert.deepEqual([length(energy(32, 0)), length(energy(0, 4095))], [2, 2]);
  assert.deepEqual([length(energy(4096, 0)), length(energy(4095, 127))], [3, 3]);
});

test("an energy that no page holds is refused, not cut", () => {
  const most = 2 ** 30 - 1;
  assert.equal(packValues([energy(most, most)]).length, 10);
  for (const value of [
    energy(most + 1, 0),
    energy(0, most + 1),
    { import: -1, export: 0 },
    { import: 0.5, export: 0 },
    { import: 0, export: NaN },
  ]) {
    assert.throws(() => packValues([value as Energy]), UnitError);
  }
});

test("a profile's binding of another length is refused", () => {
  const given = profile(cases[0].profile);
  assert.throws(() => profileMessage(new Uint8Array(33), given), /32 bytes; this one has 33/);
});

test("more intervals than the message can say are refused", () => {
  const values = Array<Energy>(2 ** 16).fill(energy(0, 0));
  const given = { ...profile(cases[0].profile), values };
  assert.throws(() => profileMessage(bytes(cases[0].binding), given));
});

test("a device that gives no signature of a profile is told so", async () => {
  const given = profile(cases[0].profile);
  await assert.rejects(
    signProfile(() => new Uint8Array(63), bytes(cases[0].binding), given),
    /64 bytes; the device gave 63/,
  );
});
