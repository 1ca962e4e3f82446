import { expect, test } from "vitest";

import { ChainClock } from "../src/chain/clock";

test("given a clock that runs sixty times as fast when asked between two looks then it goes on at that pace", () => {
  const clock = new ChainClock();
  clock.sample(1_000n, 0);
  clock.sample(1_300n, 5_000);
  expect(clock.rate).toBe(60);
  expect(clock.at(6_000)).toBe(1_360);
});

test("given a look that shows less than was counted on when asked then it does not go back", () => {
  const clock = new ChainClock();
  clock.sample(1_000n, 0);
  clock.sample(1_060n, 1_000);
  expect(clock.at(2_000)).toBe(1_120);
  clock.sample(1_100n, 2_000);
  expect(clock.at(2_000)).toBe(1_120);
});

test("given a single leap when asked then the pace is that of the other looks", () => {
  const clock = new ChainClock();
  clock.sample(1_000n, 0);
  clock.sample(1_003n, 3_000);
  clock.sample(1_606n, 6_000);
  clock.sample(1_609n, 9_000);
  expect(clock.rate).toBe(1);
  expect(clock.at(10_000)).toBe(1_610);
});

test("given what was shown far ahead when a look says so then it goes back", () => {
  const clock = new ChainClock();
  clock.sample(1_000n, 0);
  clock.sample(2_000n, 1_000);
  expect(clock.at(2_000)).toBe(3_000);
  clock.sample(2_000n, 2_000);
  clock.sample(2_000n, 3_000);
  expect(clock.at(3_000)).toBe(2_000);
});

test("given another chain, whose clock is behind, when looked at then it begins anew", () => {
  const clock = new ChainClock();
  clock.sample(5_000n, 0);
  clock.at(0);
  clock.sample(100n, 3_000);
  expect(clock.at(3_000)).toBe(100);
});

test("given no look yet when asked then nothing", () => {
  expect(new ChainClock().at(0)).toBeUndefined();
});
