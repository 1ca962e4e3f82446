// The chain's clock: where it starts, and how fast it runs.
//
// Surfpool adds the length of a slot with each block, and can be told to travel forward. So a clock that runs faster is
// one that travels often, each time to where it should be by now: what one step misses the next one makes good, and
// nothing adds up. Three things about travelling are not obvious:
//
// - Fractions of a second are dropped. A step of less than a second could stand still, or go back: steps lead to whole
//   seconds.
// - It is refused, if the clock is there already.
// - The first one counts slots from 0 and not from 31, where Surfpool begins. If it leads to less than slot 31, the
//   finalized slot is below zero and said to be 2⁶⁴ − 1 or so. So the clock is moved by some slots at once.

import { Fault } from "./fault.mjs";

/** Time between steps. Each of them makes a block, so blockhashes live for 150 of them, at least 20 seconds. */
const STEP_MS = 200;

/** How long the clock may stand still before the node gives up. */
const STALL_MS = 10_000;

/**
 * Moves the clock to its start, and on from there. Gives what stops it and what changes its speed; `fail` is called if it
 * stands still.
 */
export function runClock(node, { startMs, speed }, fail) {
  node.timeTravelToTimestamp(startMs);
  // Since when it has its speed, and where it was then. Not the wall's clock, which can be set.
  let started = performance.now();
  let startSeconds = Math.floor(startMs / 1000);
  let chain = startSeconds;
  let moved = started;

  const dueAt = (now) => startSeconds + ((now - started) / 1000) * speed;
  const setSpeed = (next) => {
    const now = performance.now();
    [startSeconds, started, speed] = [dueAt(now), now, next];
  };

  const step = () => {
    // Nobody reads these otherwise, and Surfpool keeps all of them.
    for (const event of node.drainEvents()) {
      if (event.kind === "systemClockUpdated" && event.clock.unixTimestamp > chain) {
        chain = event.clock.unixTimestamp;
        moved = performance.now();
      }
      if (/error|warn/i.test(event.kind)) console.error(`node: ${event.message ?? event.kind}`);
    }
    const now = performance.now();
    const due = Math.floor(dueAt(now));
    if (due > chain) {
      try {
        node.timeTravelToTimestamp(due * 1000);
        chain = due;
        moved = now;
      } catch (error) {
        // The node was there first, between the events and now; or it is in trouble, and the clock will show.
        if (now - moved > STALL_MS) fail(new Fault(`the clock stands still: ${error.message}`));
      }
    }
  };
  const timer = setInterval(step, STEP_MS);
  return { stop: () => clearInterval(timer), setSpeed };
}
