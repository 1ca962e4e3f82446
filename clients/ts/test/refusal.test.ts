import assert from "node:assert/strict";

import { getSolanaErrorFromTransactionError, type TransactionError } from "@solana/kit";
import { expect, test, vi } from "vitest";

import {
  EmptyWalletError,
  explain,
  isRefusal,
  market,
  oracle,
  RefusedError,
  registry,
  TransactionFailedError,
} from "../src/index.js";
import { anAddress } from "./chain/litesvm.js";
import { fixtureOf } from "./fixture.js";

const custom = (code: number) =>
  getSolanaErrorFromTransactionError({
    InstructionError: [0, { Custom: code }],
  } as unknown as TransactionError);
const failed = (program: string) => [`Program ${program} failed: custom program error`];

for (const [program, address] of [
  ["registry", registry.REGISTRY_PROGRAM_ADDRESS],
  ["oracle", oracle.ORACLE_PROGRAM_ADDRESS],
  ["market", market.MARKET_PROGRAM_ADDRESS],
] as const)
  test(`given each error of the ${program} when it is explained in production then in the program's words`, () => {
    vi.stubEnv("NODE_ENV", "production");
    try {
      for (const { code, name, msg } of fixtureOf(`../../../idl/${program}.json`).errors) {
        const error = explain(custom(code), { logs: failed(address) });
        assert.ok(error instanceof RefusedError);
        assert.deepEqual(
          [error.reason, error.message, error.program, error.code],
          [name, msg, program, code],
        );
      }
    } finally {
      vi.unstubAllEnvs();
    }
  });

test("given another program's error with one of our codes when it is explained then it is not ours", () => {
  const error = explain(custom(6000), {
    logs: failed("TukTuk1111111111111111111111111111111111111"),
  });
  assert.ok(error instanceof TransactionFailedError);
});

test("given an error of Anchor's own when it is explained then in the words of the log", () => {
  const logs = [
    "Program log: AnchorError caused by account: community. Error Code: AccountNotInitialized. Error Number: 3012. Error Message: The program expected this account to be already initialized.",
    ...failed(market.MARKET_PROGRAM_ADDRESS),
  ];
  const error = explain(custom(3012), { logs });
  assert.ok(error instanceof RefusedError);
  assert.equal(error.reason, "AccountNotInitialized");
  assert.match(error.message, /^The program expected this account to be already initialized/);
});

test("given a payer without money when that is explained then it names the wallet", () => {
  for (const error of ["InsufficientFundsForFee", "AccountNotFound"] as const) {
    const found = explain(getSolanaErrorFromTransactionError(error), { payer: anAddress });
    assert.ok(found instanceof EmptyWalletError);
    assert.match(found.message, new RegExp(`${anAddress} can't pay .*; send SOL`));
  }
});

test("given an error that is no transaction's when it is explained then it stays as it is", () => {
  const error = new Error("no");
  assert.equal(explain(error), error);
  assert.equal(isRefusal(error, "BookFull"), false);
  // @ts-expect-error There is no such reason.
  expect(isRefusal(error, "BookFulll")).toBe(false);
});
