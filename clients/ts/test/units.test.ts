import assert from "node:assert/strict";
import { test } from "vitest";

import {
  atoms,
  energyValue,
  formatDecimal,
  market,
  middlePrice,
  milliAtoms,
  netMilliAtoms,
  parseDecimal,
  price,
  tick,
  toMilliAtoms,
  UnitError,
  wh,
  wholeAtoms,
  whSum,
  type Atoms,
  type MilliAtoms,
  type NetMilliAtoms,
  type Wh,
} from "../src/index.js";

test("numbers out of their unit's bounds are refused by name", () => {
  const wrong = [
    () => wh(-1),
    () => wh(1.5),
    () => wh(2 ** 32),
    () => wh(NaN),
    () => price(Infinity),
    () => tick(65_536),
    () => whSum(-1n),
    () => whSum(2n ** 64n),
    () => atoms(2 ** 53),
    () => atoms(0.5),
    () => netMilliAtoms(2n ** 63n),
    () => netMilliAtoms(-(2n ** 63n) - 1n),
  ];
  for (const make of wrong) assert.throws(make, UnitError);
  assert.throws(() => wh(1.5), { message: /energy \(Wh\) must be a whole number .*not 1\.5/ });
  assert.equal(netMilliAtoms(-(2n ** 63n)), -(2n ** 63n));
});

test("energy times price is milli-atoms, exactly", () => {
  assert.equal(energyValue(wh(1), price(1)), 1n);
  assert.equal(
    energyValue(wh(2 ** 32 - 1), price(2 ** 31 - 1)),
    (2n ** 32n - 1n) * (2n ** 31n - 1n),
  );
  assert.equal(energyValue(wh(3), price(-2)), -6n);
  assert.equal(energyValue(whSum(1_000), price(250_000)), 250_000_000n);
  assert.throws(() => energyValue(whSum(2n ** 62n), price(2)), UnitError);
});

test("a withdrawal leaves what is less than an atom", () => {
  assert.equal(toMilliAtoms(atoms(7)), 7_000n);
  assert.equal(wholeAtoms(milliAtoms(7_999)), 7n);
  assert.throws(() => toMilliAtoms(atoms(2n ** 63n)), UnitError);
});

test("the middle of two prices is rounded down", () => {
  assert.equal(middlePrice(price(10), price(13)), 11);
  assert.equal(middlePrice(price(2 ** 31 - 1), price(2 ** 31 - 1)), 2 ** 31 - 1);
  assert.equal(middlePrice(price(-3), price(-4)), -4);
});

test("decimals are read and written without rounding", () => {
  const pairs = [
    ["0.25", 250_000n],
    ["0", 0n],
    ["12", 12_000_000n],
    ["0.000001", 1n],
  ] as const;
  for (const [text, units] of pairs) {
    assert.equal(parseDecimal(text, 6), units);
    assert.equal(formatDecimal(units, 6), text);
  }
  assert.equal(formatDecimal(-1_500_000n, 6), "-1.5");
  assert.equal(formatDecimal(42n, 0), "42");
  for (const text of ["", "-1", "1e3", "0.0000001", ".5", "1.", "0x10"]) {
    assert.throws(() => parseDecimal(text, 6), UnitError, text);
  }
});

test("what is decoded has its unit, and what is encoded needs it", () => {
  const seat = market.getSeatDecoder().decode(new Uint8Array(market.getSeatDecoder().fixedSize));
  const free: MilliAtoms = seat.free;
  const owed: NetMilliAtoms = seat.owed;
  // @ts-expect-error the ledger counts milli-atoms
  const whole: Atoms = seat.free;
  // @ts-expect-error what is owed may be below zero
  const debt: MilliAtoms = seat.owed;
  const { encode } = market.getDepositInstructionDataEncoder();
  encode({ seat: 0, amount: atoms(1) });
  // @ts-expect-error tokens are deposited, in atoms
  encode({ seat: 0, amount: milliAtoms(1) });
  assert.deepEqual([free, owed, whole, debt], [0n, 0n, 0n, 0n]);
});

test("money with a sign is read and written as 64 bits", () => {
  const { encode } = market.getPositionEncoder();
  const { decode, fixedSize } = market.getPositionDecoder();
  const zero = decode(new Uint8Array(fixedSize));
  for (const paid of [-1n, -(2n ** 63n), 2n ** 63n - 1n]) {
    assert.equal(decode(encode({ ...zero, paid: netMilliAtoms(paid) })).paid, paid);
  }
});

test("units do not mix", () => {
  // @ts-expect-error a price is not energy
  const energy: Wh = price(1);
  // @ts-expect-error a plain number has no unit
  energyValue(1000, price(1));
  // @ts-expect-error atoms are not milli-atoms
  wholeAtoms(atoms(1));
  assert.equal(energy, 1);
});
