// @vitest-environment node
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { serve } from "../scripts/serve.mjs";

let page: Awaited<ReturnType<typeof serve>>;
let asked: string[] = [];
const indexer = createServer((question, answer) => {
  asked.push(question.url!);
  answer.setHeader("content-type", "application/json");
  answer.end('{"items":[]}');
});

beforeAll(async () => {
  await new Promise<void>((resolve) => indexer.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "joulebook-serve-"));
  const write = (name: string, value: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify(value));
  write("key.json", [1, 2, 3]);
  write("sandbox.json", {
    ...{ rpcUrl: "http://127.0.0.1:8899", wsUrl: "ws://127.0.0.1:8900", market: "MARKET" },
    households: [{ name: "household 1", key: "key.json" }],
    ...{ token: { authority: { key: "key.json" } }, authority: { key: "key.json" } },
    supplier: { key: "key.json" },
  });
  page = await serve({
    ...{ state: join(folder, "sandbox.json"), port: 0 },
    indexer: `http://127.0.0.1:${(indexer.address() as AddressInfo).port}`,
    daemons: {
      keeper: `http://127.0.0.1:${(indexer.address() as AddressInfo).port}`,
      // Nothing listens there.
      agent: "http://127.0.0.1:1",
    },
  });
});
afterAll(async () => {
  await page.close();
  indexer.close();
});

/** As nobody's browser would ask: paths and hosts as they are given. */
function raw(
  path: string,
  host = new URL(page.url).host,
): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(page.url);
  return new Promise((resolve, reject) => {
    const asking = request({ hostname, port, path, headers: { host } }, (answer) => {
      let body = "";
      answer.on("data", (part) => (body += part));
      answer.on("end", () => resolve({ status: answer.statusCode!, body }));
    });
    asking.on("error", reject).end();
  });
}
beforeEach(() => void (asked = []));

const get = (path: string) => fetch(new URL(path, page.url));

test("given a sandbox when its page is served then with its configuration, and a policy that names its endpoints alone", async () => {
  const answer = await get("/configuration.json");
  expect(await answer.json()).toMatchObject({
    ...{ market: "MARKET", indexer: "/indexer", testWallets: "/test-wallets.json" },
    cluster: { url: "http://127.0.0.1:8899", chain: "solana:localnet" },
    health: { keeper: "/health/keeper", agent: "/health/agent" },
  });
  const policy = answer.headers.get("content-security-policy")!;
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("connect-src 'self' http://127.0.0.1:8899 ws://127.0.0.1:8900;");
  expect(policy).not.toContain("unsafe");
});

test("given a question for the indexer when asked then it is forwarded without the prefix", async () => {
  expect(await (await get("/indexer/v1/state?x=1")).json()).toEqual({ items: [] });
  expect(asked).toEqual(["/v1/state?x=1"]);
});

test("given a daemon when asked for its health then that alone is forwarded", async () => {
  expect((await get("/health/keeper?x=1")).status).toBe(200);
  expect(asked).toEqual(["/health"]);
  // Its other paths are no way in.
  expect(await (await get("/health/keeper/metrics")).text()).not.toContain("items");
  expect(await (await get("/health/constructor")).text()).not.toContain("items");
  expect(asked).toEqual(["/health"]);
});

test("given a daemon that is away when asked for its health then the server says so", async () => {
  expect((await get("/health/agent")).status).toBe(502);
});

test("given a path that leads out of the page's folder when asked for then nothing of there is given", async () => {
  const answer = await get("/..%2f..%2fpackage.json");
  expect(await answer.text()).not.toContain("@joulebook/app");
});

test("given a path that names another server when it is forwarded then only the indexer is ever asked", async () => {
  let connections = 0;
  const other = createServer((_, answer) => answer.end("alert()"));
  other.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  for (const path of [
    `/indexer//127.0.0.1:${port}/x.js`,
    `/indexer/\\127.0.0.1:${port}/x.js`,
    `/indexer/\t/127.0.0.1:${port}/x.js`.replace("\t", "%09"),
    `/indexer/..//127.0.0.1:${port}/x.js`,
    `/indexer/@127.0.0.1:${port}/x.js`,
    `http://127.0.0.1:${port}/indexer/x.js`,
  ]) {
    const { body } = await raw(path);
    expect(body, path).not.toContain("alert");
  }
  other.close();
  expect(connections).toBe(0);
});

test.each(["/%00", "/indexer//[", "//", "//[", "/indexer/\\[", "/indexer//"])(
  "given %s when it is asked for then it is refused, and the server goes on",
  async (path) => {
    expect((await raw(path)).status).toBe(400);
    expect((await get("/configuration.json")).status).toBe(200);
  },
);

test("given a name that somebody else has pointed at this machine when it is asked by it then nothing is given", async () => {
  const { port } = new URL(page.url);
  for (const host of [`evil.example:${port}`, "evil.example", `127.0.0.1.evil.example:${port}`])
    for (const path of ["/test-wallets.json", "/indexer/v1/state", "/"]) {
      const { status, body } = await raw(path, host);
      expect([host, status]).toEqual([host, 421]);
      expect(body).not.toContain("[1,2,3]");
    }
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`])
    expect((await raw("/configuration.json", host)).status).toBe(200);
});
