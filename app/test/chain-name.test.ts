// @vitest-environment node
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { address } from "@solana/kit";
import { expect, test } from "vitest";

import { MarketStore } from "../src/chain/market-store";
import { ConfigurationError, type ChainName } from "../src/configuration";

const MAINNET = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";
const LOCAL = "AhdwEbbw2khrF18ocorHuh5DGAQoKK7FaaWeBJ8t9oWs";

/** What a page asks an endpoint with this genesis hash before it gives up, and why it does. */
async function opened(chain: ChainName, genesisHash: string) {
  const asked: string[] = [];
  const server = createServer(async (question, answer) => {
    let body = "";
    for await (const part of question) body += part;
    const { id, method } = JSON.parse(body) as { id: string; method: string };
    asked.push(method);
    const value = { context: { slot: 1 }, value: [null, null, null] };
    const result = method === "getGenesisHash" ? genesisHash : value;
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const store = new MarketStore({
    cluster: { url, chain },
    market: address("So11111111111111111111111111111111111111112"),
    ...{ indexer: null, currency: null, timeZone: "UTC", explorer: null },
    ...{ isTest: true, testWallets: null, health: null },
  });
  // What is wrong is tried again and again: here once is enough.
  const once = new AbortController();
  store.subscribe(() => {
    if (store.getState().error !== undefined) once.abort();
  });
  await store.run(once.signal);
  server.close();
  return { asked, error: store.getState().error };
}

test.each([
  ["solana:localnet", MAINNET],
  ["solana:devnet", MAINNET],
  ["solana:mainnet", LOCAL],
] as const)(
  "given %s in the configuration and an endpoint of another chain when the market is opened then it is not",
  async (chain, genesisHash) => {
    const { asked, error } = await opened(chain, genesisHash);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(asked).toEqual(["getGenesisHash"]);
  },
);

test.each([
  ["solana:mainnet", MAINNET],
  ["solana:localnet", LOCAL],
] as const)(
  "given %s and an endpoint of it when the market is opened then it goes on",
  async (chain, hash) => {
    const { asked, error } = await opened(chain, hash);
    expect(error).not.toBeInstanceOf(ConfigurationError);
    expect(asked.length).toBeGreaterThan(1);
  },
);
