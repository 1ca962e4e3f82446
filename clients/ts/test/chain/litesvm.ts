// A chain of one process with the three programs, behind as much of the JSON-RPC as the client uses. It lands a transaction at
// once, unless a test says otherwise.

import { existsSync, readFileSync } from "node:fs";

import {
  address,
  blockhash,
  getBase64Decoder,
  getBase64Encoder,
  getCompiledTransactionMessageDecoder,
  getSignatureFromTransaction,
  getTransactionDecoder,
  lamports,
  type Address,
  type Signature,
  type Transaction,
} from "@solana/kit";
import { FailedTransactionMetadata, LiteSVM } from "litesvm";

import { connectionOf, type Connection, type ConnectionOptions } from "../../src/index.js";
import { market, oracle, registry } from "../../src/index.js";

export const GENESIS_HASH = "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY";

/** What a test may do to a transaction that is sent: land it, lose it, or land it and say that it got lost. */
export type Sending = "land" | "lose" | "hide";

type Landed = Readonly<{
  slot: bigint;
  err: unknown;
  logs: string[];
  units: bigint;
  wire: string;
}>;

function program(name: string): Uint8Array {
  const file = new URL(`../../../../target/deploy/${name}.so`, import.meta.url);
  if (!existsSync(file)) throw new Error(`there is no ${file.pathname}; run make programs first`);
  return readFileSync(file);
}

export class LocalChain {
  readonly svm = new LiteSVM().withBlockhashCheck(false);
  readonly #landed = new Map<Signature, Landed>();
  readonly #hidden = new Set<Signature>();
  readonly #forgotten = new Set<Signature>();
  /** What becomes of the next transactions. */
  sending: (signature: Signature) => Sending = () => "land";
  /** The bytes of all that was ever sent. */
  readonly sent: string[] = [];
  height = 1_000n;
  genesisHash = GENESIS_HASH;
  priorityRates: bigint[] = [];
  /** Called with each method; what it throws the endpoint answers. */
  trouble: (method: string) => void = () => {};

  constructor() {
    this.svm.addProgram(registry.REGISTRY_PROGRAM_ADDRESS, program("registry"));
    this.svm.addProgram(oracle.ORACLE_PROGRAM_ADDRESS, program("oracle"));
    this.svm.addProgram(market.MARKET_PROGRAM_ADDRESS, program("market"));
    this.setTime(BigInt(Math.floor(Date.now() / 1000)));
  }

  get time(): bigint {
    return this.svm.getClock().unixTimestamp;
  }

  setTime(time: bigint) {
    const clock = this.svm.getClock();
    clock.unixTimestamp = time;
    this.svm.setClock(clock);
  }

  fund(wallet: Address, amount = 1_000_000_000_000n) {
    this.svm.airdrop(wallet, lamports(amount));
  }

  /** Lets what was hidden be seen. */
  reveal() {
    this.#hidden.clear();
  }

  connection(payer: Connection["payer"], options: ConnectionOptions = {}): Connection {
    return connectionOf({ rpc: this.rpc(), rpcSubscriptions: undefined as never }, payer, {
      pollMilliseconds: 1,
      resendMilliseconds: 20,
      ...options,
    });
  }

  rpc(): Connection["rpc"] {
    const methods: Record<string, (...params: never[]) => unknown> = {
      getAccountInfo: (at: Address) => ({ value: this.#account(at) }),
      getMultipleAccounts: (all: Address[]) => ({
        context: { slot: this.height },
        value: all.map((at) => this.#account(at)),
      }),
      getGenesisHash: () => this.genesisHash,
      getBlockHeight: () => this.height,
      getLatestBlockhash: () => ({
        // Another one each time, as on a chain.
        value: { blockhash: this.#nextBlockhash(), lastValidBlockHeight: this.height + 150n },
      }),
      getRecentPrioritizationFees: () =>
        this.priorityRates.map((prioritizationFee) => ({ prioritizationFee })),
      simulateTransaction: (wire: string) => this.#simulate(wire),
      sendTransaction: (wire: string) => this.#send(wire),
      getSignatureStatuses: ([signature]: Signature[]) => ({ value: [this.#status(signature!)] }),
      getTransaction: (signature: Signature) => this.#transaction(signature),
      getSignaturesForAddress: (at: Address, page: { before?: Signature; limit?: number }) =>
        this.#signatures(at, page),
    };
    return new Proxy({} as Connection["rpc"], {
      get:
        (_, method: string) =>
        (...params: never[]) => ({
          send: async () => {
            this.trouble(method);
            const answer = methods[method];
            if (!answer) throw new Error(`this chain has no ${method}`);
            return answer(...params);
          },
        }),
    });
  }

  #nextBlockhash() {
    this.svm.expireBlockhash();
    return blockhash(this.svm.latestBlockhash());
  }

  #account(at: Address) {
    const account = this.svm.getAccount(at);
    if (!account.exists) return null;
    const { data, executable, lamports: amount, programAddress: owner } = account;
    return {
      data: [getBase64Decoder().decode(data), "base64"],
      ...{ executable, owner, lamports: amount, space: BigInt(data.length) },
    };
  }

  #simulate(wire: string) {
    const found = this.svm.withSigverify(false).simulateTransaction(decoded(wire));
    this.svm.withSigverify(true);
    const meta = found.meta();
    return {
      value: {
        err: found instanceof FailedTransactionMetadata ? errorOf(found) : null,
        logs: meta.logs(),
        unitsConsumed: meta.computeUnitsConsumed(),
        loadedAccountsDataSize: 2_000_000,
      },
    };
  }

  #send(wire: string): Signature {
    this.sent.push(wire);
    const transaction = decoded(wire);
    const signature = getSignatureFromTransaction(transaction);
    const fate = this.sending(signature);
    if (fate === "lose" || this.#landed.has(signature)) return signature;
    if (fate === "hide") this.#hidden.add(signature);
    const result = this.svm.sendTransaction(transaction);
    const meta = result instanceof FailedTransactionMetadata ? result.meta() : result;
    this.#landed.set(signature, {
      slot: this.height,
      err: result instanceof FailedTransactionMetadata ? errorOf(result) : null,
      logs: meta.logs(),
      units: meta.computeUnitsConsumed(),
      wire,
    });
    this.height += 1n;
    return signature;
  }

  #status(signature: Signature) {
    const landed = this.#landed.get(signature);
    if (!landed || this.#hidden.has(signature)) return null;
    return { slot: landed.slot, err: landed.err, confirmationStatus: "confirmed" };
  }

  #transaction(signature: Signature) {
    const landed = this.#landed.get(signature);
    if (!landed || this.#forgotten.has(signature)) return null;
    const { slot, err, logs, units, wire } = landed;
    return {
      ...{ slot, transaction: [wire, "base64"] },
      meta: { err, logMessages: logs, fee: 5_000n, computeUnitsConsumed: units },
    };
  }

  /** The newest first. */
  #signatures(at: Address, { before, limit = 1_000 }: { before?: Signature; limit?: number }) {
    const touched = [...this.#landed].filter(([, { wire }]) =>
      getCompiledTransactionMessageDecoder()
        .decode(decoded(wire).messageBytes)
        .staticAccounts.includes(at),
    );
    const newest = touched.reverse();
    const first = before ? newest.findIndex(([signature]) => signature === before) + 1 : 0;
    return newest
      .slice(first, first + limit)
      .map(([signature, { slot, err }]) => ({ signature, slot, err, blockTime: null }));
  }

  /** Forgets a transaction that it still lists, as endpoints do. */
  forget(signature: Signature) {
    this.#forgotten.add(signature);
  }
}

function decoded(wire: string): Transaction {
  return getTransactionDecoder().decode(getBase64Encoder().encode(wire));
}

/** As JSON-RPC has it. */
function errorOf(failed: FailedTransactionMetadata): unknown {
  const error: unknown = failed.err();
  if (typeof error === "number")
    return (
      { 2: "AccountNotFound", 4: "InsufficientFundsForFee", 6: "AlreadyProcessed" }[error] ??
      "SanitizeFailure"
    );
  const of = error as { index: number; err: () => unknown };
  const { index } = of;
  const inner = of.err();
  if (typeof inner === "object" && inner && "code" in inner)
    return { InstructionError: [index, { Custom: inner.code }] };
  return { InstructionError: [index, "GenericError"] };
}

export const anAddress = address("11111111111111111111111111111111");
