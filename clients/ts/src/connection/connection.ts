// What everything needs that asks a chain: where it is, who pays, and how transactions are made.

import {
  createSolanaRpcFromTransport,
  createSolanaRpcSubscriptions,
  type Commitment,
  type Rpc,
  type RpcSubscriptions,
  type SolanaRpcApi,
  type SolanaRpcSubscriptionsApi,
  type TransactionSigner,
} from "@solana/kit";

import type { BuiltTransaction } from "./build.js";
import { patientTransport } from "./transport.js";

/** How transactions are made and followed. Everything has a default. */
export type ConnectionOptions = Readonly<{
  /**
   * 0, the default, has room for 1,232 bytes on every chain; 1 for 4,096 where the chain has them, and is signed by wallets that
   * know it.
   */
  version?: 0 | 1;
  /** What is read, and how far a transaction is followed. Confirmed, if left out. */
  commitment?: Extract<Commitment, "confirmed" | "finalized">;
  /** The most that a transaction may pay beyond its base fee, lamports; 10,000 if left out, and 0 for nothing. */
  maxPriorityFee?: bigint;
  /** Time between two questions about a transaction, milliseconds; 400 if left out. */
  pollMilliseconds?: number;
  /** After this time the same bytes are sent again, milliseconds; 2,000 if left out. */
  resendMilliseconds?: number;
  /** How long an endpoint may be silent before a transaction's fate is given up, milliseconds; 90,000 if left out. */
  patienceMilliseconds?: number;
}>;

/** A chain, and whoever pays there. */
export type Connection = Required<ConnectionOptions> &
  Readonly<{
    rpc: Rpc<SolanaRpcApi>;
    rpcSubscriptions: RpcSubscriptions<SolanaRpcSubscriptionsApi>;
    payer: TransactionSigner;
  }>;

/** What all that is sent may be given. */
export type SendOptions = Readonly<{
  /** Ends the wait. What was sent may land all the same: see FateUnknownError. */
  abortSignal?: AbortSignal;
  /**
   * Told of each transaction that is signed, and waited for before it is sent: nothing is sent if this fails. A program that may be
   * killed keeps the last one where it finds it again, and asks {@link finalFateOf} for it before it does the same again.
   */
  onSigned?: (signed: BuiltTransaction) => void | Promise<void>;
}>;

/** Where a chain is. */
export type Endpoint = Readonly<{
  /** Of JSON-RPC, such as http://127.0.0.1:8899. */
  url: string;
  /** Of subscriptions; that of `url` with the next port, if left out. */
  wsUrl?: string;
}>;

export function connect(
  endpoint: Endpoint,
  payer: TransactionSigner,
  options: ConnectionOptions = {},
): Connection {
  const rpc = createSolanaRpcFromTransport(patientTransport(endpoint.url)) as Connection["rpc"];
  const rpcSubscriptions = createSolanaRpcSubscriptions(
    endpoint.wsUrl ?? webSocketOf(endpoint.url),
  );
  return connectionOf({ rpc, rpcSubscriptions }, payer, options);
}

/** The same over what speaks with a chain already, such as kit's client. */
export function connectionOf(
  { rpc, rpcSubscriptions }: Pick<Connection, "rpc" | "rpcSubscriptions">,
  payer: TransactionSigner,
  options: ConnectionOptions = {},
): Connection {
  return {
    ...{ rpc, rpcSubscriptions, payer },
    version: options.version ?? 0,
    commitment: options.commitment ?? "confirmed",
    maxPriorityFee: options.maxPriorityFee ?? 10_000n,
    pollMilliseconds: options.pollMilliseconds ?? 400,
    resendMilliseconds: options.resendMilliseconds ?? 2_000,
    patienceMilliseconds: options.patienceMilliseconds ?? 90_000,
  };
}

/** By Solana's convention: the next port, or the same host and path where no port is named. */
function webSocketOf(url: string): string {
  const found = new URL(url);
  found.protocol = found.protocol === "https:" ? "wss:" : "ws:";
  if (found.port !== "") found.port = String(Number(found.port) + 1);
  return found.href;
}
