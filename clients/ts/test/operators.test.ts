import assert from "node:assert/strict";

import { generateKeyPairSigner } from "@solana/kit";
import { beforeEach, test } from "vitest";

import {
  fateOf,
  instructions,
  isRefusal,
  memo,
  openMarket,
  oracle,
  packPrices,
  price,
  readAllMeters,
  readCommunity,
  readParticipants,
  readPricedWindows,
  readTransactions,
  registry,
  sendInstructions,
  slotTime,
  type MarketHandle,
} from "../src/index.js";
import { foundLocally, type LocalCommunity } from "./chain/founded.js";

let local: LocalCommunity;
/** As the authority. */
let market: MarketHandle;
let actor: instructions.Actor;
beforeEach(async () => {
  local = await foundLocally(2);
  const { authority, addresses } = local.community;
  actor = { signer: authority };
  const connection = local.chain.connection(authority, { maxPriorityFee: 0n });
  market = await openMarket(connection, addresses.market, { maxClockLag: 10_000 });
});

const statusOf = async (wallet: string) =>
  (await readParticipants(market)).find((each) => each.wallet === wallet)?.status;

test("given a community when its participants are read then all of its own, and nobody else's", async () => {
  const { founder, name } = await readCommunity(market);
  assert.equal(founder, local.community.authority.address);
  assert.equal(new TextDecoder().decode(new Uint8Array(name)).replace(/\0+$/, ""), "Sonnenhof");
  const { authority } = local.community;
  await sendInstructions(market.connection, [
    await registry.getCreateCommunityInstructionAsync({
      ...{ founder: authority, quoteMint: market.token.mint, id: 2n },
      ...{ name: "Elsewhere", zones: ["feeder 1"] },
    }),
  ]);
  const [other] = await registry.findCommunityPda({ founder: authority.address, id: 2n });
  await sendInstructions(market.connection, [
    await registry.getApplyInstructionAsync({
      ...{ wallet: authority, community: other, roles: 1, zone: 0, balancingGroup: 0 },
      identityHash: new Uint8Array(32),
      preferences: { localPremium: 0, sources: 0, reserved: 0 },
    }),
  ]);
  const participants = await readParticipants(market);
  // Supplier, grid operator and two households.
  assert.deepEqual(
    participants.map(({ index }) => index),
    [0, 1, 2, 3],
  );
  assert.equal(participants[2]!.wallet, local.household(0).wallet.address);
});

test("given an applicant when what was reviewed is approved then it is in, and if it has changed it is refused", async () => {
  const wallet = await generateKeyPairSigner();
  local.chain.fund(wallet.address);
  const { addresses, connection } = market;
  const apply = await registry.getApplyInstructionAsync({
    ...{ wallet, community: addresses.community, roles: 1, zone: 0, balancingGroup: 0 },
    identityHash: new Uint8Array(32).fill(7),
    preferences: { localPremium: 0, sources: 0, reserved: 0 },
  });
  await sendInstructions(connection, [apply]);
  const reviewed = (await readParticipants(market)).find((each) => each.wallet === wallet.address)!;
  const other = { ...reviewed, identityHash: new Uint8Array(32).fill(8) };
  await assert.rejects(
    sendInstructions(connection, [await instructions.approve(addresses, actor, other)]),
    (error) => isRefusal(error, "ApplicationChanged"),
  );
  await sendInstructions(connection, [await instructions.approve(addresses, actor, reviewed)]);
  assert.equal(await statusOf(wallet.address), registry.ParticipantStatus.Active);
});

test("given a participant when it is suspended and reinstated then the registry says so, with the reason", async () => {
  const { addresses, connection } = market;
  const { address } = local.household().wallet;
  const evidence = new Uint8Array(32).fill(9);
  const { events } = await sendInstructions(connection, [
    await instructions.suspend(addresses, actor, address, 3, evidence),
  ]);
  const [event] = events;
  assert.ok(event?.kind === "ParticipantStatusChanged");
  assert.equal(event.data.reason, 3);
  assert.equal(await statusOf(address), registry.ParticipantStatus.Suspended);
  await sendInstructions(connection, [await instructions.reinstate(addresses, actor, address)]);
  assert.equal(await statusOf(address), registry.ParticipantStatus.Active);
});

test("given a meter when it is quarantined, restored and retired then its row says so", async () => {
  const { addresses, connection } = market;
  const { address } = local.household().wallet;
  const status = async () => (await readAllMeters(market))[0]!.status;
  await sendInstructions(connection, [instructions.quarantineMeter(addresses, actor, 0, 2)]);
  assert.equal(await status(), oracle.MeterStatus.Quarantined);
  await sendInstructions(connection, [
    await instructions.restoreMeter(addresses, actor, address, 0),
  ]);
  assert.equal(await status(), oracle.MeterStatus.Active);
  await sendInstructions(connection, [
    await instructions.retireMeter(addresses, actor, address, 0, null),
  ]);
  assert.equal(await status(), oracle.MeterStatus.Retired);
});

test("given an act with a memo when what the authority has signed is read then both are there, the latest first, in parts", async () => {
  const { addresses, connection } = market;
  const quarantine = instructions.quarantineMeter(addresses, actor, 0, 2);
  const receipt = await sendInstructions(connection, [quarantine, memo("Ünplausible values")]);
  const authority = local.community.authority.address;
  const first = await readTransactions(connection, authority, { limit: 1 });
  const [found] = first.transactions;
  assert.equal(found!.signature, receipt.signature);
  assert.deepEqual(found!.memos, ["Ünplausible values"]);
  assert.deepEqual(found!.signers, [authority]);
  assert.equal(found!.fee, 5_000n);
  assert.deepEqual(
    found!.events.map(({ kind }) => kind),
    ["MeterQuarantined"],
  );
  assert.equal(await slotTime(connection, found!.slot), local.chain.time);
  const second = await readTransactions(connection, authority, {
    before: first.earlier!,
    limit: 1,
  });
  assert.notEqual(second.transactions[0]!.signature, receipt.signature);
  const nobody = await generateKeyPairSigner();
  assert.deepEqual(await readTransactions(connection, nobody.address), {
    transactions: [],
    earlier: undefined,
  });
});

test("given a memo that is too long when it is made then it is refused", () => {
  assert.throws(() => memo("ä".repeat(201)), /at most 400 bytes, and this one 402/);
});

test("given prices of windows of two pages when they are packed then one transaction posts them, and they stand", async () => {
  const { supplier, addresses } = local.community;
  const connection = local.chain.connection(supplier, { maxPriorityFee: 0n });
  local.chain.fund(supplier.address);
  const asSupplier = await openMarket(connection, addresses.market, { maxClockLag: 10_000 });
  await local.openPage(local.start + 1_200n);
  const windows = await readPricedWindows(asSupplier);
  const free = windows.filter(({ isUnopened, start }) => isUnopened && start > local.start + 600n);
  // The last window of one page, and all four of the next.
  assert.equal(free.length, 5);
  const posted = free.map(({ start }, at) => ({
    start,
    ...{ short: price(310_000 + at), long: price(80_000), gridFee: price(20_000) },
  }));
  const packs = await packPrices(asSupplier, posted);
  assert.deepEqual(
    packs.map(({ items, instructions: all }) => [items.length, all.length]),
    [[5, 2]],
  );
  const { signature } = await sendInstructions(connection, packs[0]!.instructions);
  assert.equal((await fateOf(connection, signature)).kind, "landed");
  const stand = (await readPricedWindows(asSupplier)).filter(({ short }) => short >= 310_000);
  assert.deepEqual(
    stand.map(({ short }) => short),
    [310_000, 310_001, 310_002, 310_003, 310_004],
  );
});
