import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { chainTime, elsewhere, start } from "./node.mjs";

/** What clock and slots did for so many milliseconds: the clock's times, with the moment of each. */
async function watch(rpc, milliseconds) {
  const seen = [];
  let slot = 0n;
  const begun = performance.now();
  while (performance.now() - begun < milliseconds) {
    const asked = performance.now();
    const time = await chainTime(rpc);
    assert.ok(time >= (seen.at(-1)?.time ?? 0), "the clock never goes back");
    seen.push({ asked, time });
    const finalized = await rpc.getSlot({ commitment: "finalized" }).send();
    assert.ok(finalized >= slot && finalized < 2n ** 53n, `slot ${finalized} comes after ${slot}`);
    slot = finalized;
    await sleep(20);
  }
  return seen;
}

/** How far each time is from where a clock of that speed would be, seconds. */
function drifts(seen, speed) {
  const [first] = seen;
  return seen.map(({ asked, time }) => time - first.time - ((asked - first.asked) / 1000) * speed);
}

// A loaded machine answers late, so the bounds are some steps wide. What drifts grows without bound.
for (const [speed, bound] of [
  [1, 2.5],
  [60, 60],
  [600, 600],
])
  test(
    `given a speed of ${speed} when the clock is watched then it keeps pace`,
    elsewhere,
    async (context) => {
      const { rpc } = await start(context, "--speed", String(speed));
      const seen = await watch(rpc, 5000);
      const worst = Math.max(...drifts(seen, speed).map(Math.abs));
      assert.ok(worst <= bound, `${worst} s off`);
    },
  );

test(
  "given short epochs when the clock crosses them then neither clock nor slots go back",
  elsewhere,
  async (context) => {
    // 432,000 slots of 20 ms are 8,640 s: an epoch in 2.4 s.
    const { rpc } = await start(context, "--slot-ms", "20", "--speed", "3600");
    const seen = await watch(rpc, 6000);
    assert.ok(seen.at(-1).time - seen[0].time > 2 * 8640);
  },
);

test(
  "given a time to start at when the node is ready then its clock is there",
  elsewhere,
  async (context) => {
    const { rpc } = await start(context, "--start", "2030-03-01T12:00:00Z");
    const late = (await chainTime(rpc)) - Date.UTC(2030, 2, 1, 12) / 1000;
    assert.ok(late >= 0 && late < 10, `${late} s`);
  },
);

test(
  "given a node that takes lines when it is told another speed then the clock goes on at that",
  elsewhere,
  async (context) => {
    const { child, ended, rpc } = await start(context, "--control");
    child.stdin.write("speed 300\nfaster\n");
    await sleep(500);
    const seen = await watch(rpc, 3000);
    const worst = Math.max(...drifts(seen, 300).map(Math.abs));
    assert.ok(worst <= 300, `${worst} s off`);
    child.stdin.end();
    const { code, stderr } = await ended;
    assert.equal(code, 0);
    assert.match(stderr, /"faster" means nothing/);
    assert.match(stderr, /stopped by the end of its input/);
  },
);
