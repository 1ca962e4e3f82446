// What this page is for: which chain, which market, who keeps its history. A file beside the page says it, so that the same
// build serves any community.

import { address, type Address } from "@solana/kit";

/** As wallets name chains. */
export type ChainName = "solana:mainnet" | "solana:devnet" | "solana:testnet" | "solana:localnet";

export type Configuration = Readonly<{
  /** Of JSON-RPC and of subscriptions. */
  cluster: Readonly<{ url: string; wsUrl?: string; chain: ChainName }>;
  market: Address;
  /** Base URL of the indexer's API, which may be a path of this server; null for none. */
  indexer: string | null;
  /** ISO 4217, of what a token is worth; null if it is no currency. */
  currency: string | null;
  /** Of the community, such as Europe/Vienna. */
  timeZone: string;
  /** Where a transaction can be looked at, with {signature} in it; null for nowhere. */
  explorer: string | null;
  /** Whether energy and money are made up. */
  isTest: boolean;
  /** File with keys to try the page with, on a local node alone; null for none. */
  testWallets: string | null;
  /** Where daemons say how they are, by their names; null for nowhere. */
  health: Readonly<Record<string, string>> | null;
}>;

const CHAINS: readonly string[] = [
  "solana:mainnet",
  "solana:devnet",
  "solana:testnet",
  "solana:localnet",
];

/** What is wrong with the file; what to do. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** Throws a ConfigurationError. */
export async function loadConfiguration(path = "/configuration.json"): Promise<Configuration> {
  const answer = await fetch(path, { cache: "no-cache" }).catch((cause: unknown) => {
    throw new ConfigurationError(`${path} can't be fetched; check the server`, { cause });
  });
  if (!answer.ok)
    throw new ConfigurationError(
      `the server answers ${answer.status} for ${path}; put the file beside the page`,
    );
  let read: unknown;
  try {
    read = await answer.json();
  } catch (cause) {
    throw new ConfigurationError(`${path} is no JSON; see the page's README`, { cause });
  }
  return readConfiguration(read);
}

/** Throws a ConfigurationError for what is missing, unknown or contradictory. */
export function readConfiguration(read: unknown): Configuration {
  const file = fieldsOf(read, "configuration", [
    ...["cluster", "market", "indexer", "currency", "timeZone", "explorer", "isTest"],
    ...["testWallets", "health"],
  ]);
  const cluster = fieldsOf(file.cluster, "cluster", ["url", "wsUrl", "chain"]);
  const chain = textOf(cluster.chain, "cluster.chain");
  if (!CHAINS.includes(chain))
    throw new ConfigurationError(`cluster.chain is ${chain}; make it one of ${CHAINS.join(", ")}`);
  const testWallets = optionalTextOf(file.testWallets, "testWallets");
  if (testWallets !== null && chain !== "solana:localnet")
    throw new ConfigurationError(
      "testWallets are keys that everybody has; leave them out on any chain but solana:localnet",
    );
  const timeZone = optionalTextOf(file.timeZone, "timeZone") ?? "UTC";
  const currency = optionalTextOf(file.currency, "currency");
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    if (currency !== null) new Intl.NumberFormat("en", { style: "currency", currency });
  } catch (cause) {
    throw new ConfigurationError(`${(cause as Error).message}; check timeZone and currency`);
  }
  const wsUrl = optionalTextOf(cluster.wsUrl, "cluster.wsUrl");
  return {
    cluster: {
      url: new URL(textOf(cluster.url, "cluster.url"), location.href).href,
      chain: chain as ChainName,
      ...(wsUrl !== null && { wsUrl }),
    },
    market: addressOf(file.market),
    indexer: optionalTextOf(file.indexer, "indexer"),
    ...{ currency, timeZone, testWallets },
    explorer: optionalTextOf(file.explorer, "explorer"),
    isTest: file.isTest === true,
    health: addressesOf(file.health),
  };
}

function fieldsOf(read: unknown, name: string, known: readonly string[]): Record<string, unknown> {
  if (typeof read !== "object" || read === null || Array.isArray(read))
    throw new ConfigurationError(`${name} is no object; see the page's README`);
  const unknown = Object.keys(read).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new ConfigurationError(`${name} has an unknown key ${unknown}; take it out`);
  return read as Record<string, unknown>;
}

function textOf(read: unknown, name: string): string {
  if (typeof read === "string" && read !== "") return read;
  throw new ConfigurationError(`${name} is missing, or no text; set it`);
}

function optionalTextOf(read: unknown, name: string): string | null {
  return read === undefined || read === null ? null : textOf(read, name);
}

/** Addresses of HTTP by name, which may be paths of this server. */
function addressesOf(read: unknown): Configuration["health"] {
  if (read === undefined || read === null) return null;
  if (typeof read !== "object" || Array.isArray(read))
    throw new ConfigurationError("health is no object; see the page's README");
  const entries = Object.entries(read).map(([name, text]) => {
    const address = textOf(text, `health.${name}`);
    if (!/^(\/|https?:\/\/)/.test(address))
      throw new ConfigurationError(`health.${name} is ${address}; make it a path or a URL of HTTP`);
    return [name, address] as const;
  });
  return Object.fromEntries(entries);
}

function addressOf(read: unknown): Address {
  try {
    return address(textOf(read, "market"));
  } catch (cause) {
    throw new ConfigurationError("market is no address; copy it from the deployment's record", {
      cause,
    });
  }
}
