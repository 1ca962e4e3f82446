// The vectors that `joulebook meter vectors` prints, for those who build devices: this client makes the same of the same keys.

import assert from "node:assert/strict";
import { test } from "vitest";

import { createKeyPairFromPrivateKeyBytes, getBase64Codec } from "@solana/kit";

import {
  profileMessage,
  readingMessage,
  signProfile,
  signReading,
  wh,
  whSum,
  withLowS,
  type Profile,
} from "../src/index.js";
import { assertIsFixture, bytes, fixture } from "./fixture.js";

const base64 = getBase64Codec();

/** In front of a compressed point of P-256, in the DER of X.509. */
const SPKI = "3039301306072a8648ce3d020106082a8648ce3d030107032200";

const reading = (vector: any) => ({
  meter: Number(vector.meter),
  boundary: BigInt(vector.boundary),
  sequence: BigInt(vector.sequence),
  import: whSum(BigInt(vector.import)),
  export: whSum(BigInt(vector.export)),
  flags: Number(vector.flags),
});

const profile = (vector: any): Profile => ({
  ...reading(vector),
  values: vector.values.map(([drawn, fedIn]: [number, number]) => ({
    import: wh(drawn),
    export: wh(fedIn),
  })),
});

for (const vector of fixture("meter-vectors.json")) {
  const binding = bytes(vector.binding);

  test(`${vector.name}: the message has these bytes`, () => {
    const message =
      vector.values === null
        ? readingMessage(binding, reading(vector))
        : profileMessage(binding, profile(vector));
    assertIsFixture(message, vector.message);
  });

  test(`${vector.name}: a gateway is sent what was signed`, () => {
    assertIsFixture(base64.encode(vector.body.message), vector.message);
    assertIsFixture(base64.encode(vector.body.signature), vector.signature);
  });

  if (vector.curve === "ed25519")
    test(`${vector.name}: the signature is the same`, async () => {
      const keys = await createKeyPairFromPrivateKeyBytes(bytes(vector.secretKey));
      const signed =
        vector.values === null
          ? await signReading(keys, binding, reading(vector))
          : await signProfile(keys, binding, profile(vector));
      assertIsFixture(signed.signature, vector.signature);
    });
  else
    test(`${vector.name}: the signature holds, with a low s`, async () => {
      const algorithm = { name: "ECDSA", namedCurve: "P-256" };
      const spki = new Uint8Array(bytes(SPKI + vector.publicKey));
      const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
      const signature = new Uint8Array(bytes(vector.signature));
      const message = new Uint8Array(bytes(vector.message));
      const hashed = { name: "ECDSA", hash: "SHA-256" };
      assert.ok(await crypto.subtle.verify(hashed, key, signature, message));
      assertIsFixture(withLowS(bytes(vector.signature)), vector.signature);
    });
}
