// Whether an endpoint is of the chain that the configuration names: wallets, and what may be tried with keys in a browser, go by it.

import { ConfigurationError, type ChainName } from "../configuration";

/** The genesis hashes of Solana's own chains; a local node has another one at each start. */
const NAMES: Readonly<Record<string, ChainName>> = {
  "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d": "solana:mainnet",
  EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG: "solana:devnet",
  "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY": "solana:testnet",
};

/** The endpoint is of another chain than the configuration names. */
export class OtherChainError extends ConfigurationError {}

/** Throws an OtherChainError. */
export function checkChain(chain: ChainName, genesisHash: string) {
  const found = Object.hasOwn(NAMES, genesisHash) ? NAMES[genesisHash]! : "solana:localnet";
  if (found !== chain)
    throw new OtherChainError(
      `cluster.chain is ${chain}, and cluster.url is an endpoint of ${found}; make them the same`,
    );
}
