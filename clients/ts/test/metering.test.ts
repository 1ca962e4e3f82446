import assert from "node:assert/strict";

import { beforeEach, test } from "vitest";

import {
  oracle,
  readBinding,
  readMeters,
  sendInstructions,
  signP256Profile,
  signProfile,
  signReading,
  submitCheckedProfiles,
  submitProfiles,
  submitReadings,
  watts,
  wh,
  whSum,
  compressedPublicKey,
  p256Device,
  type MarketHandle,
} from "../src/index.js";
import { foundLocally, type LocalCommunity } from "./chain/founded.js";

const { Counted, Filled, AlreadyKnown, BadSignature, ReadingsClosed, UnknownMeter } =
  oracle.ReadingResult;

let local: LocalCommunity;
let market: MarketHandle;
beforeEach(async () => {
  local = await foundLocally(2);
  market = await local.open();
  // The page's second boundary has passed.
  local.chain.setTime(local.start + 620n);
});

/** A reading of the first household's meter, at so many intervals after the page's start. */
const reading = (intervals: number, drawn: number) => ({
  meter: local.household().meter,
  boundary: local.start + BigInt(300 * intervals),
  sequence: BigInt(intervals + 1),
  import: whSum(drawn),
  export: whSum(0),
  flags: 0,
});

test("given signed readings when they are submitted then each has an outcome, and the oracle knows them", async () => {
  const { device } = local.household();
  const binding = await readBinding(market);
  const good = await Promise.all(
    [reading(0, 0), reading(1, 500)].map((each) => signReading(device, binding, each)),
  );
  const forged = { ...(await signReading(device, binding, reading(2, 700))), import: whSum(600) };
  const { outcomes, receipts } = await submitReadings(market, [...good, forged]);
  // The page's first boundary ends the page before as well, which takes no more readings by now.
  const [page, before] = [local.start, local.start - 1200n];
  assert.deepEqual(outcomes, [
    { meter: 0, page: before, result: ReadingsClosed, isKnown: false },
    { meter: 0, page, result: Counted, isKnown: true },
    { meter: 0, page, result: BadSignature, isKnown: false },
    { meter: 0, page, result: Filled, isKnown: true },
  ]);
  assert.equal(receipts.length, 3);
  const again = await submitReadings(market, good.slice(1));
  assert.deepEqual(
    again.outcomes.map(({ result }) => result),
    [AlreadyKnown],
  );
  const [meter] = await readMeters(market);
  assert.deepEqual([meter!.number, meter!.import, meter!.sequence], [0, 500n, 2n]);
});

test("given more readings than fit when they are submitted then in as few transactions as hold them", async () => {
  const { device } = local.household();
  const binding = await readBinding(market);
  const signed = await Promise.all(
    Array.from({ length: 25 }, (_, each) =>
      signReading(device, binding, { ...reading(1, each), meter: 1_000 + each }),
    ),
  );
  const before = local.chain.sent.length;
  const { outcomes, receipts } = await submitReadings(market, signed);
  assert.deepEqual(new Set(outcomes.map(({ result }) => result)), new Set([UnknownMeter]));
  assert.deepEqual(
    outcomes.map(({ meter }) => meter),
    signed.map(({ meter }) => meter),
  );
  const sizes = local.chain.sent.slice(before).map((wire) => Buffer.from(wire, "base64").length);
  assert.equal(receipts.length, sizes.length);
  assert.ok(sizes.every((size) => size <= 1232));
  // With one more reading, of 100 bytes, each but the last would be too long.
  assert.ok(
    sizes.slice(0, -1).every((size) => size > 1232 - 100),
    String(sizes),
  );
});

test("given a load profile when it is submitted then all its intervals are known", async () => {
  const { device } = local.household();
  const profile = {
    ...reading(2, 900),
    values: [500, 400].map((each) => ({ import: wh(each), export: wh(0) })),
  };
  const signed = await signProfile(device, await readBinding(market), profile);
  const { outcomes } = await submitProfiles(market, [signed]);
  // It begins at a boundary between pages, and so is handed in with the page before, too.
  assert.deepEqual(outcomes, [
    { meter: 0, page: local.start, result: Counted, isKnown: true },
    { meter: 0, page: local.start - 1200n, result: ReadingsClosed, isKnown: false },
  ]);
  const [meter] = await readMeters(market);
  assert.equal(meter!.import, 900n);
});

test("given a meter with a key of P-256 when its profile is submitted then the precompile has checked it", async () => {
  const key = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
  ]);
  const { authority, addresses } = local.community;
  const { wallet } = local.household(1);
  // In service from the page after, whose first two intervals have passed then.
  await sendInstructions(local.chain.connection(authority), [
    oracle.getRegisterMeterInstruction({
      ...{ actor: authority, community: addresses.community, meterTable: addresses.meterTable },
      ...{ owner: await addresses.participant(wallet.address), ownerWallet: wallet },
      details: {
        ...p256Device(await compressedPublicKey(key.publicKey)),
        ...{ zone: 0, assetKind: oracle.AssetKind.Mixed, source: oracle.EnergySource.None },
        ...{ maxImport: watts(100_000), maxExport: watts(0), standardDraw: wh(0) },
        ...{ import: whSum(0), export: whSum(0) },
      },
    }),
  ]);
  await local.openPage(local.start + 1200n);
  local.chain.setTime(local.start + 1820n);
  const profile = {
    ...{ meter: 2, boundary: local.start + 1800n, sequence: 1n, flags: 0 },
    ...{ import: whSum(900), export: whSum(0) },
    values: [500, 400].map((each) => ({ import: wh(each), export: wh(0) })),
  };
  const signed = await signP256Profile(key, await readBinding(market), profile);
  const { outcomes } = await submitCheckedProfiles(market, [signed]);
  assert.deepEqual(outcomes[0], {
    meter: 2,
    page: local.start + 1200n,
    result: Counted,
    isKnown: true,
  });
});
