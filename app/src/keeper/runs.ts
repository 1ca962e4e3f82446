// What keepers have done of late: transactions of the market's pages, which nobody else's name.

import { market as programs, oracle, type MarketHandle } from "@joulebook/client";
import { getBase58Encoder, type Address, type Signature } from "@solana/kit";

export const RUN_STEPS = [
  "clear",
  "allocate",
  "openWindow",
  "applyStandingOrders",
  "settle",
  "openPage",
  "finishIntervalPage",
  "finishPage",
  "payClaims",
] as const;
export type RunStep = (typeof RUN_STEPS)[number];

export type Run = Readonly<{
  signature: Signature;
  /** Unix seconds; undefined if the node does not know. */
  time: bigint | undefined;
  /** Who paid. */
  payer: Address;
  /** Lamports. */
  fee: bigint;
  hasFailed: boolean;
  /** How often each. */
  steps: ReadonlyMap<RunStep, number>;
}>;

/** So many transactions are looked at. */
const MOST = 24;
/** So many are asked for at once. */
const AT_ONCE = 4;

/** Reads each transaction once: it does not change any more. */
export class RunReader {
  readonly #known = new Map<Signature, Run>();

  constructor(readonly market: MarketHandle) {}

  /** The last runs in the page at `time` and in the one before, the latest first. */
  async read(time: bigint): Promise<Run[]> {
    const { addresses, connection } = this.market;
    const { rpc, commitment } = connection;
    const pages = await Promise.all([
      addresses.page(time),
      addresses.page(time - BigInt(addresses.pageSeconds)),
    ]);
    const told = await Promise.all(
      pages.map((page) => rpc.getSignaturesForAddress(page, { limit: MOST, commitment }).send()),
    );
    const latest = new Map(told.flat().map(({ signature, slot }) => [signature, slot]));
    const signatures = [...latest]
      .sort(([, one], [, other]) => Number(other - one))
      .slice(0, MOST)
      .map(([signature]) => signature);
    const runs: Run[] = [];
    for (let at = 0; at < signatures.length; at += AT_ONCE) {
      const some = signatures.slice(at, at + AT_ONCE).map((each) => this.#run(each));
      runs.push(...(await Promise.all(some)).filter((run) => run !== undefined));
    }
    return runs.filter(({ steps }) => steps.size > 0);
  }

  async #run(signature: Signature): Promise<Run | undefined> {
    const known = this.#known.get(signature);
    if (known) return known;
    const { rpc, commitment } = this.market.connection;
    const config = { commitment, encoding: "json", maxSupportedTransactionVersion: 1 } as const;
    const found = await rpc.getTransaction(signature, config as never).send();
    const run = found && runOf(signature, found as unknown as Told);
    if (run) this.#known.set(signature, run);
    return run ?? undefined;
  }
}

/** As a node tells of a transaction. */
export type Told = Readonly<{
  blockTime?: bigint | null;
  meta: Readonly<{ fee: bigint; err: unknown }> | null;
  transaction: Readonly<{
    message: Readonly<{
      accountKeys: readonly Address[];
      instructions: readonly Readonly<{ programIdIndex: number; data: string }>[];
    }>;
  }>;
}>;

export function runOf(signature: Signature, { blockTime, meta, transaction }: Told) {
  const { accountKeys, instructions } = transaction.message;
  const [payer] = accountKeys;
  if (!meta || !payer) return undefined;
  const steps = new Map<RunStep, number>();
  for (const { programIdIndex, data } of instructions) {
    const step = stepOf(accountKeys[programIdIndex], data);
    if (step) steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  const run: Run = {
    ...{ signature, payer, steps, fee: BigInt(meta.fee) },
    time: blockTime === null || blockTime === undefined ? undefined : BigInt(blockTime),
    hasFailed: meta.err !== null && meta.err !== undefined,
  };
  return run;
}

const MarketInstruction = programs.MarketInstruction;
const OF_MARKET: Partial<Record<programs.MarketInstruction, RunStep>> = {
  [MarketInstruction.Clear]: "clear",
  [MarketInstruction.Allocate]: "allocate",
  [MarketInstruction.OpenWindow]: "openWindow",
  [MarketInstruction.ApplyStandingOrders]: "applyStandingOrders",
  [MarketInstruction.Settle]: "settle",
  [MarketInstruction.OpenPage]: "openPage",
  [MarketInstruction.FinishPage]: "finishPage",
  [MarketInstruction.PayClaims]: "payClaims",
};

/** Undefined for what is no keeper's business, and what this page does not know. */
function stepOf(program: Address | undefined, data: string): RunStep | undefined {
  try {
    const bytes = getBase58Encoder().encode(data);
    if (program === programs.MARKET_PROGRAM_ADDRESS)
      return OF_MARKET[programs.identifyMarketInstruction(bytes)];
    const isFinishing =
      program === oracle.ORACLE_PROGRAM_ADDRESS &&
      oracle.identifyOracleInstruction(bytes) === oracle.OracleInstruction.FinishPage;
    return isFinishing ? "finishIntervalPage" : undefined;
  } catch {
    return undefined;
  }
}

export type Costs = Readonly<{
  /** Lamports. */
  total: bigint;
  /** Lamports; undefined if no window was cleared. */
  perWindow: bigint | undefined;
  windows: number;
  failed: number;
  payers: readonly Address[];
}>;

export function costsOf(runs: readonly Run[]): Costs {
  const total = runs.reduce((sum, { fee }) => sum + fee, 0n);
  const cleared = runs.filter(({ hasFailed }) => !hasFailed);
  const windows = cleared.reduce((sum, { steps }) => sum + (steps.get("clear") ?? 0), 0);
  return {
    ...{ total, windows, perWindow: windows > 0 ? total / BigInt(windows) : undefined },
    failed: runs.length - cleared.length,
    payers: [...new Set(runs.map(({ payer }) => payer))],
  };
}
