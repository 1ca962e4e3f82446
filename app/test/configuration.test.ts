import { expect, test } from "vitest";

import { ConfigurationError, readConfiguration } from "../src/configuration";

const MARKET = "So11111111111111111111111111111111111111112";
const file = {
  cluster: { url: "http://127.0.0.1:8899", chain: "solana:localnet" },
  market: MARKET,
};

test("given the least that a configuration needs when read then the rest has defaults", () => {
  expect(readConfiguration(file)).toEqual({
    cluster: { url: "http://127.0.0.1:8899/", chain: "solana:localnet" },
    ...{ market: MARKET, indexer: null, currency: null, timeZone: "UTC", explorer: null },
    ...{ isTest: false, testWallets: null, health: null },
  });
});

test("given keys to try with on mainnet when read then refused", () => {
  const mainnet = { url: "https://rpc.example", chain: "solana:mainnet" };
  expect(() =>
    readConfiguration({ ...file, cluster: mainnet, testWallets: "/test-wallets.json" }),
  ).toThrow(/leave them out on any chain but solana:localnet/);
});

test.each([
  ["an unknown key", { ...file, indexr: "/indexer" }, /unknown key indexr/],
  ["no market", { ...file, market: undefined }, /market is/],
  [
    "a chain that there is not",
    { ...file, cluster: { url: "x", chain: "ether" } },
    /make it one of/,
  ],
  ["a time zone that there is not", { ...file, timeZone: "Mars/Olympus" }, /timeZone/],
  ["a list", [], /is no object/],
  ["a daemon without an address", { ...file, health: { keeper: "" } }, /health.keeper is missing/],
  ["a daemon's port", { ...file, health: { keeper: "9101" } }, /make it a path or a URL of HTTP/],
])("given %s when read then the error says what to do", (_, read, said) => {
  expect(() => readConfiguration(read)).toThrow(ConfigurationError);
  expect(() => readConfiguration(read)).toThrow(said);
});
