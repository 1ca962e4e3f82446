// A market to work with: its parameters and addresses, the chain it is on, and whoever acts.

import {
  blockhash,
  getAddressDecoder,
  getBlockhashEncoder,
  type Address,
  type TransactionSigner,
} from "@solana/kit";

import { Addresses } from "../addresses.js";
import type { Connection } from "../connection/connection.js";
import { MissingProgramError, WrongClusterError, WrongLayoutError } from "../errors.js";
import { MARKET_PROGRAM_ADDRESS, type Market } from "../generated/market/index.js";
import { ORACLE_PROGRAM_ADDRESS } from "../generated/oracle/index.js";
import { REGISTRY_PROGRAM_ADDRESS } from "../generated/registry/index.js";
import { mintDecimals, type Token } from "../token.js";
import { fetchAccounts, readAccount } from "./accounts.js";
import { marketKind, meterTableKind } from "./kinds.js";

/** Who acts, and what is put up with. */
export type MarketOptions = Readonly<{
  /** Signs orders: a seat's owner or its delegate. The connection's payer, if left out. */
  trader?: TransactionSigner;
  /** The wallet whose seat is meant. The trader's own, if left out; a delegate names the owner's. */
  owner?: Address;
  /** How far the chain's clock may be behind this machine's, seconds; 120 if left out. */
  maxClockLag?: number;
}>;

/** All functions that read or change a market take one; {@link openMarket} makes it. */
export type MarketHandle = Readonly<{
  connection: Connection;
  addresses: Addresses;
  /** As they were when it was opened. Terms, tariffs and counts in it change: {@link readMarket} has those of now. */
  parameters: Market;
  token: Token;
  trader: TransactionSigner;
  owner: Address;
  maxClockLag: number;
}>;

/**
 * Opens the market at an address. Throws a MissingProgramError, a MissingAccountError, a WrongLayoutError or a WrongClusterError
 * where this is not the chain, or these are not the programs, that it was made for.
 */
export async function openMarket(
  connection: Connection,
  address: Address,
  options: MarketOptions = {},
): Promise<MarketHandle> {
  await checkPrograms(connection);
  const parameters = await readAccount(connection, address, marketKind());
  const [addresses, token] = await Promise.all([
    Addresses.ofMarket(parameters),
    readToken(connection, parameters),
    checkCluster(connection, parameters.meterTable),
  ]);
  const trader = options.trader ?? connection.payer;
  return {
    ...{ connection, addresses, parameters, token, trader },
    owner: options.owner ?? trader.address,
    maxClockLag: options.maxClockLag ?? 120,
  };
}

/** The market's parameters as they are now. */
export function readMarket({ connection, addresses }: MarketHandle): Promise<Market> {
  return readAccount(connection, addresses.market, marketKind());
}

async function checkPrograms(connection: Connection) {
  const programs = [
    ["registry", REGISTRY_PROGRAM_ADDRESS],
    ["oracle", ORACLE_PROGRAM_ADDRESS],
    ["market", MARKET_PROGRAM_ADDRESS],
  ] as const;
  const accounts = await fetchAccounts(
    connection,
    programs.map(([, address]) => address),
  );
  for (const [place, [name, address]] of programs.entries()) {
    const account = accounts[place];
    if (!account?.exists || !account.executable) throw new MissingProgramError(name, address);
  }
}

/** The meter table has the genesis hash of the chain that its meters sign for. */
async function checkCluster(connection: Connection, meterTable: Address) {
  const [genesisHash, { cluster }] = await Promise.all([
    connection.rpc.getGenesisHash().send(),
    readAccount(connection, meterTable, meterTableKind()),
  ]);
  const found = getBlockhashEncoder().encode(blockhash(genesisHash));
  if (!found.every((byte, at) => byte === cluster[at]))
    throw new WrongClusterError(genesisHash, getAddressDecoder().decode(cluster));
}

async function readToken(
  connection: Connection,
  { quoteMint, tokenProgram }: Market,
): Promise<Token> {
  const [account] = await fetchAccounts(connection, [quoteMint]);
  const decimals = account?.exists ? mintDecimals(account.data) : undefined;
  if (decimals === undefined) throw new WrongLayoutError("mint", quoteMint, "it is none");
  return { mint: quoteMint, program: tokenProgram, decimals };
}
