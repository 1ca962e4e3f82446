import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { generateKeyPairSigner } from "@solana/kit";
import { afterEach, test } from "vitest";

import { patientTransport } from "../src/connection/transport.js";
import { connect, UnreachableError } from "../src/index.js";

let stop = () => {};
afterEach(() => stop());

/** An endpoint that gives these statuses, one after the other, and then answers. */
async function endpoint(...statuses: number[]) {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      const status = statuses[asked++] ?? 200;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: 7 }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stop = () => void server.close();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?key=secret`;
  const { rpc } = connect({ url }, await generateKeyPairSigner());
  return { rpc, url, count: () => asked };
}

test("given an endpoint in passing trouble when it is asked then it is asked again", async () => {
  const { rpc, count } = await endpoint(429, 503);
  assert.equal(await rpc.getBlockHeight().send(), 7n);
  assert.equal(count(), 3);
});

test("given an endpoint that lets nobody in when it is asked then once, and the error keeps the key to itself", async () => {
  const { rpc, count } = await endpoint(403);
  await assert.rejects(rpc.getBlockHeight().send(), (error) => {
    assert.ok(error instanceof UnreachableError);
    assert.equal(error.status, 403);
    assert.match(
      error.message,
      /^the endpoint http:\/\/127\.0\.0\.1:\d+ answers with status 403; check/,
    );
    return true;
  });
  assert.equal(count(), 1);
});

test("given nobody at an address when it is asked then it says that nobody answers", async () => {
  const { rpc } = await endpoint();
  stop();
  await assert.rejects(rpc.getBlockHeight().send(), (error) => {
    assert.ok(error instanceof UnreachableError);
    assert.match(error.message, /does not answer; check its URL/);
    return true;
  });
});

test("given an airdrop when its answer gets lost then it is not asked for again", async () => {
  const { rpc, count } = await endpoint(503);
  const { address } = await generateKeyPairSigner();
  await assert.rejects(rpc.requestAirdrop(address, 1n as never).send(), UnreachableError);
  assert.equal(count(), 1);
});

test("given an endpoint that takes a question and says nothing when it is asked then it does not answer", async () => {
  let asked = 0;
  const server = createServer(() => void asked++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stop = () => (server.closeAllConnections(), void server.close());
  const ask = patientTransport(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, 50);
  const payload = { jsonrpc: "2.0", id: 1, method: "getBlockHeight", params: [] };
  await assert.rejects(ask({ payload }), (error) => {
    assert.ok(error instanceof UnreachableError);
    assert.equal(error.status, undefined);
    return true;
  });
  assert.equal(asked, 1);
});
