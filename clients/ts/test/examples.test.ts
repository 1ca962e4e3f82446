import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { afterAll, beforeAll, test as anywhere } from "vitest";

import { followAMarket } from "../examples/follow-a-market.js";
import { orderOnce } from "../examples/order-once.js";
import { placeABid } from "../examples/place-a-bid.js";
import { household } from "../examples/setup.js";
import { standingOrders } from "../examples/standing-orders.js";
import { submitAProfile } from "../examples/submit-a-profile.js";
import { hasLocalNode, LocalNode } from "./chain/node.js";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const test = anywhere.skipIf(!hasLocalNode);

let node: LocalNode;
beforeAll(async () => {
  if (hasLocalNode) node = await LocalNode.start();
});
afterAll(() => node?.stop());

test("given the quick start as it is printed when it runs then it bids", async () => {
  const readme = readFileSync(path("../README.md"), "utf8");
  const [, code = ""] = /```js\n([^]*?)```/.exec(readme) ?? [];
  assert.ok(code.trim().split("\n").length < 30);
  const folder = dirname(node.state);
  writeFileSync(join(folder, "quick-start.mjs"), code);
  symlinkSync(path("../../../node_modules"), join(folder, "node_modules"));
  const { stdout } = await promisify(execFile)(process.execPath, ["quick-start.mjs"], {
    cwd: folder,
  });
  // 1.5 kWh at 0.21, with 1% and the grid's 0.02; 100 tokens were there.
  assert.equal(stdout, "bids 0.21 a kWh\nfree 99.65185, locked 0.34815\n");
});

test("given the examples when they run then they say what happened", async () => {
  const { market, device } = await household(node.state, 1);
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);

  await placeABid(market, say);
  assert.deepEqual(lines.splice(0), [
    "bids 0.21 a kWh, and locks 0.34815",
    // 2 kWh at 0.184, the tick below.
    "locked in all 0.41168",
    "for orders 0.41168",
    "There is no live order with this index and sequence; read the window again",
  ]);

  const file = join(dirname(node.state), "signed.json");
  await orderOnce(market, node.start, 7, file, say);
  assert.equal(existsSync(file), false);
  // As if it had been killed after it was sent.
  const { receipt } = await market.placeOrders(node.start, [
    { buy: "1", atMost: "0.2", clientId: 8 },
  ]);
  writeFileSync(file, JSON.stringify([receipt!.signature, "1000000"]));
  await orderOnce(market, node.start, 8, file, say);
  assert.deepEqual(lines.splice(0), ["order 7 stands", "order 8 stands"]);
  assert.deepEqual(
    (await market.orders()).map(({ clientId }) => clientId),
    [7, 8],
  );

  await standingOrders(market, say);
  assert.deepEqual(lines.splice(0), ["0: up to 0.22, Never"]);

  const abort = new AbortController();
  const following = followAMarket(market, abort.signal, say);
  while (lines.length < 2) await new Promise((resolve) => setTimeout(resolve, 25));
  await market.placeOrders(node.start + 300n, [{ sell: "1", atLeast: "0.1" }]);
  while (!lines.includes("OrdersPlaced")) await new Promise((resolve) => setTimeout(resolve, 25));
  abort.abort();
  await following;
  assert.ok(lines.splice(0).includes(`${node.start + 300n} Open: 0 kWh asked, 1 given`));

  await node.travel(node.start + 620n);
  await submitAProfile(market, device, node.start + 600n, [500, 400], say);
  assert.equal(lines[0], "meter 1: Counted");
});
