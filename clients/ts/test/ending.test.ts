// How a page ends for a seat: the cases of the program's rules, with numbers that can be checked by hand.

import assert from "node:assert/strict";

import { test } from "vitest";

import { endingOf, isSilentWindow, leftOver, NEVER } from "../src/proof/ending.js";
import { NO_SILENCE } from "../src/proof/silence.js";
import { whSum, type oracle } from "../src/index.js";

const page = { start: 3_600n, previous: 2_400n, windows: 4, windowSeconds: 300 };
const worst = { short: 400n, long: 50n };
const known = { before: NO_SILENCE, isOfAnother: false, worst };

const meter = {
  ...{ countedFrom: 0n, serviceUntil: 2n ** 63n - 1n },
  ...{ lateImport: whSum(0), lateExport: whSum(0) },
};
const registers: oracle.PageRegisters = {
  ...{ import: whSum(0), export: whSum(0), firstImport: whSum(0), firstExport: whSum(0) },
  ...{ last: 4, known: 1, base: 1, finished: 1, begins: 0, beginsLate: 0, reserved: 0 },
};

test("given meters that were heard throughout when a page ends then nothing is paid", () => {
  const left = leftOver([[meter, registers]], page);
  assert.ok(!isSilentWindow(left, 3, true));
  assert.deepEqual(endingOf(page, left, known, []), { pays: 0n, silence: NO_SILENCE });
});

test("given energy that came to light when a page ends then it has the worst prices of the silence, less what was kept back", () => {
  const left = leftOver([[meter, { ...registers, import: whSum(600), export: whSum(100) }]], page);
  const before = { windows: 2, dearest: 300n, lowest: 80n, owed: 1_000n };
  const silent = [{ window: 0, tariff: { short: 350n, long: 60n }, owed: 500n }];
  const ended = endingOf(page, left, { ...known, before }, silent);
  // 600 Wh at 350, less 100 Wh at 60, less 1,500.
  assert.equal(ended.pays, 600n * 350n - 100n * 60n - 1_500n);
  assert.deepEqual(ended.silence, NO_SILENCE);
});

test("given a meter that stays silent when a page ends then its windows and what they keep are remembered", () => {
  const left = leftOver([[meter, { ...registers, known: 0, last: 0 }]], page);
  assert.ok(isSilentWindow(left, 0, true));
  const tariffs = [300n, 280n, 320n, 300n].map((short, window) => ({
    ...{ window, tariff: { short, long: short - 250n }, owed: 10n },
  }));
  assert.deepEqual(endingOf(page, left, known, tariffs), {
    pays: 0n,
    silence: { windows: 4, dearest: 320n, lowest: 30n, owed: 40n },
  });
});

test("given registers in the middle of a page when it ends then windows behind them go on", () => {
  const left = leftOver([[meter, { ...registers, last: 2 }]], page);
  assert.deepEqual(
    [0, 1, 2, 3].map((window) => isSilentWindow(left, window, true)),
    [...[false, false, true, true]],
  );
  const tariff = { short: 300n, long: 80n };
  const silent = [2, 3].map((window) => ({ window, tariff, owed: 5n }));
  assert.deepEqual(endingOf(page, left, known, silent), {
    pays: 0n,
    silence: { windows: 2, dearest: 300n, lowest: 80n, owed: 10n },
  });
});

test("given another supplier when a page ends then it pays nothing for what another's windows kept", () => {
  const left = leftOver([[meter, { ...registers, export: whSum(100) }]], page);
  const before = { windows: 2, dearest: 300n, lowest: 80n, owed: 1_000n };
  const ended = endingOf(page, left, { ...known, before, isOfAnother: true }, []);
  assert.equal(ended.pays, 0n);
});

test("given pages that were left out when energy comes to light then it has the worst prices of this page", () => {
  const left = leftOver([[meter, { ...registers, import: whSum(10) }]], page);
  const behindGap = { ...page, previous: 0n };
  assert.equal(endingOf(behindGap, left, known, []).pays, 4_000n);
  assert.equal(endingOf({ ...page, previous: NEVER }, left, known, []).pays, 4_000n);
});

test("given a counting that begins late when a page ends then the most it can have been is charged, and never pays", () => {
  const late = { ...meter, lateImport: whSum(10), lateExport: whSum(1_000) };
  const left = leftOver([[late, { ...registers, beginsLate: 1 }]], page);
  assert.equal(endingOf(page, left, known, []).pays, 4_000n);
});

test("given a meter whose service ends unheard when a page ends then nothing is kept for it any more", () => {
  const ends = { ...meter, serviceUntil: page.start + 1_200n };
  const silent = [{ window: 0, tariff: { short: 300n, long: 80n }, owed: 5n }];
  const unheard = { ...registers, known: 0, last: 0 };
  const alone = leftOver([[ends, unheard]], page);
  assert.deepEqual(endingOf(page, alone, known, silent).silence, NO_SILENCE);
  const withOther = leftOver(
    [
      [ends, unheard],
      [meter, registers],
    ],
    page,
  );
  assert.equal(endingOf(page, withOther, known, silent).silence.owed, 0n);
});

test("given pages that were left out when the meter is silent in the next one too then their energy keeps its worst prices", () => {
  const left = leftOver([[meter, { ...registers, known: 0, last: 0 }]], page);
  const tariff = { short: 300n, long: 80n };
  const silent = [{ window: 0, tariff, owed: 5n }];
  const { silence } = endingOf({ ...page, previous: 0n }, left, known, silent);
  assert.deepEqual(silence, { windows: 1, dearest: 400n, lowest: 50n, owed: 5n });
});
