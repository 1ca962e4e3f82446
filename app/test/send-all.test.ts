import type { MarketHandle } from "@joulebook/client";
import { address, createNoopSigner, type Instruction } from "@solana/kit";
import { parseTransferSolInstruction } from "@solana-program/system";
import { parseTransferCheckedInstruction } from "@solana-program/token";
import { beforeEach, expect, test, vi } from "vitest";

import { sendAll } from "../src/household/send-all";

const { sent } = vi.hoisted(() => ({ sent: [] as unknown[] }));
vi.mock("@joulebook/client", async (original) => ({
  ...(await original<object>()),
  sendInstructions: async (_connection: unknown, instructions: unknown[]) => {
    sent.push(...instructions);
    return {};
  },
}));
beforeEach(() => void (sent.length = 0));

const SYSTEM = "11111111111111111111111111111111";
const TOKENS = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
const OTHER = address("SysvarRent111111111111111111111111111111111");
const RENT = 2_039_280n;

/** A token account with so many atoms. */
function tokenAccount(atoms: bigint) {
  const data = new Uint8Array(165);
  new DataView(data.buffer).setBigUint64(64, atoms, true);
  return data;
}

/** A wallet with this much, and another one that has a token account or not. */
function marketWith(lamports: bigint, atoms: bigint | undefined, otherHas: boolean): MarketHandle {
  const accounts = [
    atoms === undefined ? undefined : tokenAccount(atoms),
    otherHas ? tokenAccount(0n) : undefined,
  ];
  const rpc = {
    getAccountInfo: () => {
      const data = accounts.shift();
      const base64 = data && Buffer.from(data).toString("base64");
      const value = base64 && {
        ...{ data: [base64, "base64"], executable: false, lamports: RENT },
        ...{ owner: TOKENS, space: 165n },
      };
      return { send: async () => ({ value: value ?? null }) };
    },
    getBalance: () => ({ send: async () => ({ value: lamports }) }),
    getMinimumBalanceForRentExemption: () => ({ send: async () => RENT }),
  };
  const trader = createNoopSigner(address("Stake11111111111111111111111111111111111111"));
  return {
    connection: { rpc, commitment: "confirmed" },
    token: {
      mint: address("So11111111111111111111111111111111111111112"),
      program: TOKENS,
      decimals: 6,
    },
    trader,
  } as unknown as MarketHandle;
}

const of = (program: string) =>
  (sent as Instruction[]).filter(({ programAddress }) => programAddress === program);

test("given money and SOL when all is sent then both, but for a reserve and the rent of the account that the money comes to", async () => {
  await sendAll(marketWith(10_000_000n, 7_000_000n, false), OTHER);
  const [transfer] = of(TOKENS);
  expect(parseTransferCheckedInstruction(transfer as never).data).toMatchObject({
    ...{ amount: 7_000_000n, decimals: 6 },
  });
  const [sol] = of(SYSTEM);
  expect(parseTransferSolInstruction(sol as never).data.amount).toBe(
    10_000_000n - 1_000_000n - RENT,
  );
  expect(sol!.accounts!.map((account) => account.address)[1]).toBe(OTHER);
});

test("given a wallet that has an account for the money when all is sent then no rent is kept", async () => {
  await sendAll(marketWith(10_000_000n, 7_000_000n, true), OTHER);
  const [sol] = of(SYSTEM);
  expect(parseTransferSolInstruction(sol as never).data.amount).toBe(9_000_000n);
});

test("given SOL alone when all is sent then no token moves", async () => {
  await sendAll(marketWith(10_000_000n, undefined, false), OTHER);
  expect(of(TOKENS)).toEqual([]);
  expect(sent).toHaveLength(1);
});

test("given money and no SOL to spare when all is sent then the money alone", async () => {
  await sendAll(marketWith(1_000_000n, 5n, true), OTHER);
  expect(of(SYSTEM)).toEqual([]);
  expect(of(TOKENS)).toHaveLength(1);
});
