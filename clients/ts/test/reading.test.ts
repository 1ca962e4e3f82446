import assert from "node:assert/strict";
import { test } from "vitest";

import { address, createKeyPairFromPrivateKeyBytes } from "@solana/kit";

import {
  meterBinding,
  oracle,
  readingMessage,
  signReading,
  whSum,
  type Reading,
} from "../src/index.js";
import { assertIsFixture, bytes, fixture } from "./fixture.js";

function reading(text: Record<keyof Reading, string>): Reading {
  return {
    meter: Number(text.meter),
    boundary: BigInt(text.boundary),
    sequence: BigInt(text.sequence),
    import: whSum(BigInt(text.import)),
    export: whSum(BigInt(text.export)),
    flags: Number(text.flags),
  };
}

for (const [index, expected] of fixture("readings.json").entries()) {
  const binding = bytes(expected.binding);

  test(`message ${index} names program, cluster and meter table`, async () => {
    const found = await meterBinding(expected.cluster, address(expected.meterTable));
    assert.deepEqual(found, binding);
  });

  test(`message ${index} has the bytes that the program verifies`, () => {
    const message = readingMessage(binding, reading(expected.reading));
    assert.equal(message.length, 80);
    assertIsFixture(message, expected.message);
  });

  test(`message ${index} is signed alike by a key pair and by a function`, async () => {
    const keys = await createKeyPairFromPrivateKeyBytes(bytes(expected.deviceSeed));
    const signed = await signReading(keys, binding, reading(expected.reading));
    assertIsFixture(signed, { ...expected.reading, signature: expected.signature });

    const signature = bytes(expected.signature);
    const device = (message: unknown) => {
      assertIsFixture(message, expected.message);
      return signature;
    };
    assert.deepEqual(await signReading(device, binding, reading(expected.reading)), signed);
  });
}

test("a device that gives no signature is told so", async () => {
  const [{ binding, reading: text }] = fixture("readings.json");
  await assert.rejects(
    signReading(() => new Uint8Array(63), bytes(binding), reading(text)),
    /64 bytes; the device gave 63/,
  );
});

test("a field beyond its bits is refused, not cut", () => {
  const [{ binding, reading: text }] = fixture("readings.json");
  const given = { ...reading(text), meter: 2 ** 32 };
  assert.throws(() => readingMessage(bytes(binding), given));
});

test("a binding of another length is refused", () => {
  const [{ reading: text }] = fixture("readings.json");
  assert.throws(
    () => readingMessage(new Uint8Array(31), reading(text)),
    /32 bytes; this one has 31/,
  );
});

test("flags are those of the message's version", () => {
  const flags = [
    oracle.METER_FLAG_TAMPERED,
    oracle.METER_FLAG_CLOCK_UNSURE,
    oracle.METER_FLAG_POWER_FAILED,
  ];
  assert.deepEqual(flags, [1, 2, 4]);
});
