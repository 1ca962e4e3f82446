// What devices have signed, read back from transactions that the oracle took it from.

import assert from "node:assert/strict";

import { beforeEach, test } from "vitest";

import type { Signature } from "@solana/kit";

import {
  compressedPublicKey,
  deviceMessages,
  isSignedByDevice,
  meterOf,
  oracle,
  p256Device,
  readBinding,
  readTransaction,
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
  type MarketHandle,
} from "../src/index.js";
import { foundLocally, type LocalCommunity } from "./chain/founded.js";

let local: LocalCommunity;
let market: MarketHandle;
beforeEach(async () => {
  local = await foundLocally(2);
  market = await local.open();
  local.chain.setTime(local.start + 620n);
});

/** The messages of these transactions, with whether the device of the meter's row has signed them. */
async function messagesOf(receipts: readonly { signature: Signature }[]) {
  const { addresses, connection } = market;
  const { data: table } = await oracle.fetchMeterTable(connection.rpc, addresses.meterTable);
  const all = [];
  for (const { signature } of receipts) {
    const told = await connection.rpc.getTransaction(signature, { encoding: "base64" }).send();
    const transaction = readTransaction(signature, told as never)!;
    for (const each of deviceMessages(transaction, { ...table, address: addresses.meterTable }))
      all.push({ ...each, isSigned: isSignedByDevice(each, meterOf(table, each.meter)!) });
  }
  return all;
}

const registers = (from: bigint, drawn: readonly number[]) =>
  drawn.map((each, at) => ({
    ...{ boundary: from + 300n * BigInt(at), import: BigInt(each), export: 0n },
  }));

test("given readings when their transaction is read then those that the oracle took, and no forged one", async () => {
  const { device, meter } = local.household();
  const binding = await readBinding(market);
  const reading = (place: number, drawn: number) => ({
    ...{ meter, boundary: local.start + 300n * BigInt(place), sequence: BigInt(place + 1) },
    ...{ import: whSum(drawn), export: whSum(0), flags: 0 },
  });
  const good = await signReading(device, binding, reading(1, 500));
  const forged = { ...(await signReading(device, binding, reading(2, 700))), import: whSum(600) };
  const { receipts } = await submitReadings(market, [good, forged]);
  const [message, ...others] = await messagesOf(receipts);
  assert.deepEqual(others, []);
  assert.ok(message!.isSigned);
  assert.equal(message!.page, await market.addresses.intervalPage(local.start));
  assert.deepEqual(message!.registers, registers(local.start + 300n, [500]));
});

test("given a load profile when its transaction is read then the registers at each of its boundaries", async () => {
  const { device, meter } = local.household();
  const profile = {
    ...{ meter, boundary: local.start + 600n, sequence: 1n, flags: 0 },
    ...{ import: whSum(900), export: whSum(0) },
    values: [500, 400].map((each) => ({ import: wh(each), export: wh(0) })),
  };
  const signed = await signProfile(device, await readBinding(market), profile);
  const { receipts } = await submitProfiles(market, [signed]);
  const [message, ...others] = await messagesOf(receipts);
  assert.deepEqual(others, []);
  assert.ok(message!.isSigned);
  assert.deepEqual(message!.registers, registers(local.start, [0, 500, 900]));
});

test("given a load profile of a key of P-256 when its transaction is read then the same, from what the precompile has checked", async () => {
  const key = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
  ]);
  const { authority, addresses } = local.community;
  const { wallet } = local.household(1);
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
  const { receipts } = await submitCheckedProfiles(market, [signed]);
  const [message] = await messagesOf(receipts);
  assert.ok(message!.isSigned);
  assert.deepEqual(message!.registers, registers(local.start + 1200n, [0, 500, 900]));
});
