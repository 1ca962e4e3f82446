// A chain of one process with the three programs, behind as much of the JSON-RPC as the client uses. It lands a transaction at
// once, unless a test says otherwise.

import { existsSync, readFileSync } from "node:fs";

import {
  address,
  blockhash,
  containsBytes,
  getBase58Decoder,
  getBase58Encoder,
  getBase64EncodedWireTransaction,
  getBase64Decoder,
  getBase64Encoder,
  getCompiledTransactionMessageDecoder,
  getSignatureFromTransaction,
  getTransactionDecoder,
  lamports,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED,
  type Address,
  type Signature,
  type Transaction,
  SOLANA_ERROR__JSON_RPC__METHOD_NOT_FOUND,
  SolanaError,
} from "@solana/kit";
import { FailedTransactionMetadata, LiteSVM } from "litesvm";

import { connectionOf, type Connection, type ConnectionOptions } from "../../src/index.js";
import { market, oracle, registry } from "../../src/index.js";

export const GENESIS_HASH = "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY";

/** What a test may do to a transaction that is sent: land it, lose it, land it and say that it got lost, or land it later. */
export type Sending = "land" | "lose" | "hide" | "later";

/** What a node that is behind knows: accounts as they were, and nothing that landed since. */
type Behind = Readonly<{ slot: bigint; accounts: ReadonlyMap<Address, unknown> }>;
type SlotBound = Readonly<{ minContextSlot?: bigint }>;

type Landed = Readonly<{
  slot: bigint;
  err: unknown;
  logs: string[];
  units: bigint;
  wire: string;
}>;
type Filter = { dataSize?: bigint; memcmp?: { offset: bigint; bytes: string } };
type Paging = { before?: Signature; limit: number };

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
  readonly #waiting = new Map<Signature, Transaction>();
  readonly #blockhashes = new Set<string>();
  #behind: Behind | undefined;
  /** What becomes of the next transactions. */
  sending: (signature: Signature) => Sending = () => "land";
  /** The bytes of all that was ever sent. */
  readonly sent: string[] = [];
  height = 1_000n;
  /** Where its ledger begins; undefined for a node that does not say. */
  firstBlock: bigint | undefined = 0n;
  genesisHash = GENESIS_HASH;
  priorityRates: bigint[] = [];
  /** Called with each method; what it throws the endpoint answers. */
  trouble: (method: string) => void = () => {};
  /** Whether the node answers that was left behind: see {@link leaveBehind}. */
  isBehind: (method: string) => boolean = () => false;

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

  /** Lands what was to land later. */
  landWaiting() {
    for (const transaction of this.#waiting.values()) this.#land(transaction);
    this.#waiting.clear();
  }

  /** From now on there is another node at the same address, which learns nothing any more. */
  leaveBehind(accounts: readonly Address[]) {
    const known = new Map(accounts.map((at) => [at, this.#account(at)]));
    this.#behind = { slot: this.height, accounts: known };
  }

  connection(payer: Connection["payer"], options: ConnectionOptions = {}): Connection {
    return connectionOf({ rpc: this.rpc(), rpcSubscriptions: undefined as never }, payer, {
      pollMilliseconds: 1,
      resendMilliseconds: 20,
      ...options,
    });
  }

  rpc(): Connection["rpc"] {
    const methods: Record<string, (behind: Behind | undefined, ...params: never[]) => unknown> = {
      getAccountInfo: (behind, at: Address, bound?: SlotBound) =>
        this.#known(behind, bound, this.#account(at, behind)),
      getMultipleAccounts: (behind, all: Address[], bound?: SlotBound) => {
        const accounts = all.map((at) => this.#account(at, behind));
        return this.#known(behind, bound, accounts);
      },
      getProgramAccounts: (_, program: Address, { filters }: { filters: Filter[] }) =>
        this.svm
          .getProgramAccounts(program)
          .filter(({ data }) => filters.every((filter) => passes(new Uint8Array(data), filter)))
          .map(({ address: pubkey }) => ({ pubkey, account: this.#account(pubkey) })),
      getMinimumBalanceForRentExemption: (_, space: bigint) =>
        this.svm.minimumBalanceForRentExemption(space),
      getSignaturesForAddress: (_, of: Address, { before, limit }: Paging) => {
        const all = [...this.#landed]
          .filter(([, { wire }]) => namedIn(wire).includes(of))
          .map(([signature, { err }]) => ({ signature, err }))
          .reverse();
        const from = before ? all.findIndex(({ signature }) => signature === before) + 1 : 0;
        return all.slice(from, from + limit);
      },
      getBlockTime: () => this.time,
      getGenesisHash: () => this.genesisHash,
      getEpochInfo: (behind) => {
        const slot = behind?.slot ?? this.height;
        return { absoluteSlot: slot, blockHeight: slot };
      },
      getFirstAvailableBlock: () => {
        if (this.firstBlock === undefined)
          throw new SolanaError(SOLANA_ERROR__JSON_RPC__METHOD_NOT_FOUND, { __serverMessage: "" });
        return this.firstBlock;
      },
      // Another one each time, as on a chain.
      getLatestBlockhash: (behind, bound?: SlotBound) =>
        this.#known(behind, bound, {
          blockhash: this.nextBlockhash(),
          lastValidBlockHeight: this.height + 150n,
        }),
      isBlockhashValid: (behind, of: string) =>
        this.#known(behind, undefined, this.#blockhashes.has(of)),
      getRecentPrioritizationFees: () =>
        this.priorityRates.map((prioritizationFee) => ({ prioritizationFee })),
      simulateTransaction: (_, wire: string) => this.#simulate(wire),
      sendTransaction: (_, wire: string) => this.#send(wire),
      getSignatureStatuses: (behind, [signature]: Signature[]) =>
        this.#known(behind, undefined, [this.#status(signature!, behind)]),
      getTransaction: (_, signature: Signature, asked?: { encoding?: string }) =>
        this.#transaction(signature, asked?.encoding),
    };
    return new Proxy({} as Connection["rpc"], {
      get:
        (_, method: string) =>
        (...params: never[]) => ({
          send: async () => {
            this.trouble(method);
            const answer = methods[method];
            if (!answer) throw new Error(`this chain has no ${method}`);
            return answer(this.isBehind(method) ? this.#behind : undefined, ...params);
          },
        }),
    });
  }

  /** An answer, and the slot of the node that gives it. */
  #known<Value>(behind: Behind | undefined, bound: SlotBound | undefined, value: Value) {
    const slot = behind?.slot ?? this.height;
    if (bound?.minContextSlot !== undefined && bound.minContextSlot > slot)
      throw new SolanaError(SOLANA_ERROR__JSON_RPC__SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED, {
        contextSlot: slot,
      } as never);
    return { context: { slot }, value };
  }

  nextBlockhash() {
    this.svm.expireBlockhash();
    const next = blockhash(this.svm.latestBlockhash());
    this.#blockhashes.add(next);
    return next;
  }

  #account(at: Address, behind?: Behind) {
    if (behind?.accounts.has(at)) return behind.accounts.get(at);
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
    if (fate === "later") this.#waiting.set(signature, transaction);
    else this.#land(transaction);
    return signature;
  }

  #land(transaction: Transaction) {
    const signature = getSignatureFromTransaction(transaction);
    const result = this.svm.sendTransaction(transaction);
    const meta = result instanceof FailedTransactionMetadata ? result.meta() : result;
    this.height += 1n;
    this.#landed.set(signature, {
      slot: this.height,
      err: result instanceof FailedTransactionMetadata ? errorOf(result) : null,
      logs: meta.logs(),
      units: meta.computeUnitsConsumed(),
      wire: getBase64EncodedWireTransaction(transaction),
    });
  }

  #status(signature: Signature, behind?: Behind) {
    const landed = this.#landed.get(signature);
    if (!landed || this.#hidden.has(signature)) return null;
    if (behind && landed.slot > behind.slot) return null;
    if (this.firstBlock !== undefined && landed.slot < this.firstBlock) return null;
    return { slot: landed.slot, err: landed.err, confirmationStatus: "confirmed" };
  }

  /** Forgets a transaction that it still lists, as endpoints do. */
  forget(signature: Signature) {
    this.#forgotten.add(signature);
  }

  #transaction(signature: Signature, encoding?: string) {
    const landed = this.#landed.get(signature);
    if (!landed || this.#forgotten.has(signature)) return null;
    const { slot, err, logs, units, wire } = landed;
    const meta = { err, logMessages: logs, fee: 5_000n, computeUnitsConsumed: units };
    const transaction = encoding === "base64" ? [wire, "base64"] : { message: asJson(wire) };
    return { slot, meta, transaction };
  }
}

function passes(data: Uint8Array, { dataSize, memcmp }: Filter): boolean {
  if (dataSize !== undefined) return data.length === Number(dataSize);
  const wanted = getBase58Encoder().encode(memcmp!.bytes);
  return containsBytes(data, wanted, Number(memcmp!.offset));
}

/** A message as `getTransaction` tells it with the encoding "json". */
function asJson(wire: string) {
  const message = getCompiledTransactionMessageDecoder().decode(decoded(wire).messageBytes);
  if (message.version === 1) throw new Error("no test asks for messages of version 1");
  return {
    accountKeys: message.staticAccounts,
    header: { numRequiredSignatures: message.header.numSignerAccounts },
    instructions: message.instructions.map(({ programAddressIndex, data }) => ({
      programIdIndex: programAddressIndex,
      data: getBase58Decoder().decode(data ?? new Uint8Array()),
    })),
  };
}

const namedIn = (wire: string) => asJson(wire).accountKeys;

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
