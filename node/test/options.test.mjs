import assert from "node:assert/strict";
import { createServer } from "node:net";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { elsewhere, run, start } from "./node.mjs";

/** The node's exit code and words, run with arguments that it can't start with. */
async function refusal(context, ...args) {
  const { code, stdout, stderr } = await run(context, ...args).ended;
  assert.equal(stdout, "");
  return { code, said: stderr };
}

for (const [args, said] of [
  [["--sped", "2"], /Unknown option '--sped'/],
  [["--speed", "0.5"], /--speed is a number from 1 to 3600, not 0\.5/],
  [["--speed", "fast"], /--speed is a number from 1 to 3600, not fast/],
  [["--slot-ms", "400.5"], /--slot-ms is a whole number/],
  [["--rpc-port", "65536"], /--rpc-port is a number from 0 to 65535/],
  [["--start", "tomorrow"], /--start is a time in UTC such as/],
  [["--start", "2020-01-01T00:00:00Z"], /--start is too early.*pass \d{4}-/],
  [["--upgrade-authority", "nobody"], /--upgrade-authority is an address in base 58, not nobody/],
])
  test(`given ${args.join(" ")} when the node is started then it says what is wrong`, async (context) => {
    const refused = await refusal(context, ...args);
    assert.match(refused.said, said);
    assert.match(refused.said, /usage: node/);
    assert.equal(refused.code, 2);
  });

test("given a folder without programs when the node is started then it says how to make them", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "joulebook-node-"));
  const refused = await refusal(context, "--programs", folder);
  assert.match(
    refused.said,
    /registry\.so and oracle\.so and market\.so not found in .*make programs/,
  );
  assert.equal(refused.code, 1);
});

test(
  "given a port in use when the node is started then it names the port",
  elsewhere,
  async (context) => {
    const server = createServer().listen(0, "127.0.0.1");
    context.after(() => server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address();
    const refused = await refusal(context, "--rpc-port", String(port), "--ws-port", "0");
    assert.match(refused.said, new RegExp(`port ${port} is in use; .*--rpc-port`));
    assert.equal(refused.code, 1);
  },
);

test(
  "given a running node when it gets SIGTERM then it has printed one line and ends with 0",
  elsewhere,
  async (context) => {
    const { child, ended, ready } = await start(context);
    assert.equal(ready.pid, child.pid);
    const killed = performance.now();
    child.kill("SIGTERM");
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0);
    assert.equal(stdout.trim().split("\n").length, 1);
    assert.match(stderr, /stopped by SIGTERM/);
    // Surfpool itself waits for up to five seconds.
    assert.ok(performance.now() - killed < 6000);
    await assert.rejects(fetch(ready.rpcUrl));
  },
);
