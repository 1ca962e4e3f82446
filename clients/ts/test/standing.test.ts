import assert from "node:assert/strict";
import { test } from "vitest";

import {
  address,
  createNoopSigner,
  isSignerRole,
  isWritableRole,
  type Instruction,
} from "@solana/kit";

import {
  Addresses,
  ALL_HALF_HOURS,
  enteredOrders,
  instructions,
  market,
  milliAtoms,
  NO_END,
  price,
  standingRule,
  usedOn,
  wh,
  whSum,
  type Rule,
} from "../src/index.js";
import { assertIsFixture, bytes, fixture } from "./fixture.js";

const {
  instructions: expected,
  rules: expectedRules,
  ...given
} = fixture("standing-instructions.json");

const rings = { market: 2, windowSeconds: 300, pageWindows: 4, books: 8, pages: 5 };
const { community, quoteMint, tokenProgram } = given;
const addresses = await Addresses.of(community, quoteMint, tokenProgram, rings);
const [authority, trader] = [given.authority, given.trader].map((at) =>
  createNoopSigner(address(at)),
) as [ReturnType<typeof createNoopSigner>, ReturnType<typeof createNoopSigner>];
const start = BigInt(given.start);
const seats = { first: 40, count: 3 };

const { Buy, Sell } = market.Side;
const { Short, Long } = market.LimitKind;
const { Fixed, Profile, DayBefore, WeekBefore } = market.QuantityKind;
const most = 2n ** 64n - 1n;
const noCap = price(2 ** 31 - 1);

/** Those of the fixture, as this client's users write them. */
const rules: readonly Rule[] = [
  {
    ...{ side: Buy, limit: price(184_000), quantity: { kind: Fixed, energy: wh(1_000) } },
    ...{ energyCap: whSum(most), lockCap: milliAtoms(most), unitLockCap: noCap },
  },
  {
    ...{ side: Sell, limit: price(-10_000), limitKind: Long, clientId: 0xfedc },
    ...{
      energyCap: whSum(24_000),
      lockCap: milliAtoms(5_000_000_000),
      unitLockCap: price(400_000),
    },
    ...{ validUntil: start + 7n * 86_400n, halfHours: 0xffff_ff00_0000n, weekdays: 0b0001_1111 },
    quantity: { kind: Profile, energies: Array.from({ length: 48 }, (_, place) => wh(place + 1)) },
  },
  {
    ...{ side: Buy, limit: price(-20_000), limitKind: Short },
    ...{ energyCap: whSum(2), lockCap: milliAtoms(1), unitLockCap: noCap },
    quantity: { kind: DayBefore, basisPoints: 9_500 },
  },
  {
    ...{ side: Sell, limit: price(0), limitKind: Short },
    ...{ energyCap: whSum(2), lockCap: milliAtoms(1), unitLockCap: noCap },
    quantity: { kind: WeekBefore, basisPoints: 10_000 },
  },
];

function assertIsInstruction({ programAddress, accounts = [], data }: Instruction, name: string) {
  const found = {
    program: programAddress,
    accounts: accounts.map(({ address, role }) => ({
      ...{ address, isSigner: isSignerRole(role), isWritable: isWritableRole(role) },
    })),
    data,
  };
  assertIsFixture(found, expected[name]);
}

test("the account is created and closed by the Rust client's instructions", () => {
  assertIsInstruction(
    instructions.createStandingOrders(addresses, authority),
    "createStandingOrders",
  );
  assertIsInstruction(
    instructions.closeStandingOrders(addresses, authority),
    "closeStandingOrders",
  );
});

test("rules are entered and taken away as the Rust client does", async () => {
  const orders = rules.map((rule, place) => ({ place, rule }));
  assertIsInstruction(
    await instructions.setStandingOrders(addresses, trader, given.owner, [
      ...orders,
      { place: 7, rule: null },
    ]),
    "setStandingOrders",
  );
});

test("a participant is reviewed as the Rust client does", async () => {
  const review = await instructions.reviewParticipant(addresses, given.owner);
  assertIsInstruction(review, "reviewParticipant");
});

test("standing orders are applied as the Rust client does", async () => {
  assertIsInstruction(
    await instructions.applyStandingOrders(addresses, start, seats, BigInt(given.earlier)),
    "applyStandingOrders",
  );
});

test("a rule has the fields that the program reads", () => {
  assertIsFixture(rules.map(standingRule), expectedRules);
});

test("what a rule leaves out is every window, no end, and a fixed limit", () => {
  const { validUntil, halfHours, weekdays, limitKind, clientId } = standingRule(rules[0]!);
  assert.deepEqual(
    { validUntil, halfHours, weekdays, limitKind, clientId },
    {
      ...{ validUntil: NO_END, halfHours: ALL_HALF_HOURS, weekdays: 127 },
      ...{ limitKind: market.LimitKind.Fixed, clientId: 0 },
    },
  );
  assert.equal(ALL_HALF_HOURS.toString(2), "1".repeat(48));
});

test("a profile is of 48 half hours, in steps of as many Wh as it takes", async () => {
  const set = (energies: Rule["quantity"]) => {
    const rule = { ...rules[1]!, quantity: energies };
    return instructions.setStandingOrders(addresses, trader, given.owner, [{ place: 0, rule }]);
  };
  const profile = (length: number, energy: number) =>
    set({ kind: Profile, energies: Array(length).fill(wh(energy)) });
  await profile(48, 4_294_967_295);
  const fields = (...energies: number[]) => {
    const { quantity, profile } = standingRule({
      ...rules[1]!,
      quantity: { kind: Profile, energies: energies.map(wh) },
    });
    return [quantity, profile];
  };
  assert.deepEqual(fields(0, 65_535), [1, [0, 65_535]]);
  assert.deepEqual(fields(7, 65_536), [2, [3, 32_768]]);
  assert.deepEqual(fields(4_294_967_295), [65_537, [65_535]]);
  await assert.rejects(profile(47, 1));
  await assert.rejects(profile(49, 1));
});

test("the orders that stand have their places", () => {
  const { seats } = market
    .getStandingOrdersDecoder()
    .decode(bytes(fixture("standing-orders.json").data));
  const [{ orders }] = seats as [market.StandingSeat];
  const found = enteredOrders({ entered: 0b1000_0101, orders });
  assert.deepEqual(
    found,
    [0, 2, 7].map((place) => ({ ...orders[place], place })),
  );
  assert.deepEqual(enteredOrders({ entered: 0, orders }), []);
});

test("what is used of the caps is of its day alone", () => {
  const order = { day: 20_758, usedEnergy: whSum(1_500), usedLock: milliAtoms(7) };
  assert.deepEqual(usedOn(order, 20_758), { energy: 1_500n, lock: 7n });
  assert.deepEqual(usedOn(order, 20_759), { energy: 0n, lock: 0n });
});
