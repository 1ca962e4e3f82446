import assert from "node:assert/strict";

import {
  generateKeyPairSigner,
  getBase64Encoder,
  getCompiledTransactionMessageDecoder,
  getTransactionDecoder,
  SOLANA_ERROR__JSON_RPC__INVALID_PARAMS,
  SolanaError,
  type KeyPairSigner,
} from "@solana/kit";
import { getTransferSolInstruction } from "@solana-program/system";
import { beforeEach, test } from "vitest";

import {
  buildTransaction,
  EmptyWalletError,
  ExpiredError,
  fateOf,
  FateUnknownError,
  sendAndConfirm,
  sendInstructions,
  type ConnectionOptions,
} from "../src/index.js";
import { LocalChain } from "./chain/litesvm.js";

let chain: LocalChain;
let payer: KeyPairSigner;
beforeEach(async () => {
  chain = new LocalChain();
  payer = await generateKeyPairSigner();
  chain.fund(payer.address);
});

const connectionOf = (options: ConnectionOptions = {}) =>
  chain.connection(payer, { resendMilliseconds: 50, ...options });

const transfer = async (amount = 1_000_000_000n) =>
  getTransferSolInstruction({
    ...{ source: payer, amount },
    destination: (await generateKeyPairSigner()).address,
  });

/** The compute budget's instructions in a transaction, by their number. */
function budget(wire: string) {
  const { messageBytes } = getTransactionDecoder().decode(getBase64Encoder().encode(wire));
  const message = getCompiledTransactionMessageDecoder().decode(messageBytes);
  if (message.version === 1) throw new Error("not in instructions");
  const found = message.instructions.filter(
    ({ programAddressIndex }) =>
      message.staticAccounts[programAddressIndex] === "ComputeBudget111111111111111111111111111111",
  );
  return new Map(
    found.map(({ data }) => {
      const view = new DataView(new Uint8Array(data!).buffer);
      return [
        view.getUint8(0),
        data!.length === 9 ? view.getBigUint64(1, true) : view.getUint32(1, true),
      ];
    }),
  );
}
const [UNITS, PRICE, LOADED] = [2, 3, 4];

test("given a simulation when a transaction is built then both limits come from it", async () => {
  const built = await buildTransaction(connectionOf(), [await transfer()]);
  const limits = budget(built.wire);
  assert.equal(limits.get(UNITS), built.computeUnitLimit);
  assert.equal(limits.get(LOADED), built.loadedAccountsDataSizeLimit);
  // A transfer takes 150 units, and each instruction of the budget as many.
  assert.ok(built.computeUnitLimit > 300 && built.computeUnitLimit < 3_000);
  assert.ok(built.loadedAccountsDataSizeLimit! >= 2_200_000);
  assert.ok(built.loadedAccountsDataSizeLimit! < 2_300_000);
  assert.equal(limits.get(PRICE), undefined);
});

test("given recent fees when a transaction is built then it pays the middle one, up to the cap", async () => {
  chain.priorityRates = [9_000_000_000n, 0n, 2_000_000n];
  const built = await buildTransaction(connectionOf(), [await transfer()]);
  assert.equal(built.priorityFee, BigInt(built.computeUnitLimit) * 2n);
  assert.equal(budget(built.wire).get(PRICE), 2_000_000n);

  chain.priorityRates = [9_000_000_000n];
  const capped = await buildTransaction(connectionOf({ maxPriorityFee: 700n }), [await transfer()]);
  assert.equal(capped.priorityFee, 700n);
  const paid =
    ((budget(capped.wire).get(PRICE) as bigint) * BigInt(capped.computeUnitLimit)) / 1_000_000n;
  assert.ok(paid <= 700n && paid >= 699n);

  const none = await buildTransaction(connectionOf({ maxPriorityFee: 0n }), [await transfer()]);
  assert.equal(budget(none.wire).get(PRICE), undefined);
});

test("given nothing else when a transaction is built then it is of version 0", async () => {
  const { wire } = await buildTransaction(connectionOf(), [await transfer()]);
  const { messageBytes } = getTransactionDecoder().decode(getBase64Encoder().encode(wire));
  assert.equal(messageBytes[0], 128);
});

test("given a wallet without SOL when a transaction is built then it is told so", async () => {
  const poor = await generateKeyPairSigner();
  const { address } = await generateKeyPairSigner();
  const instruction = getTransferSolInstruction({ source: poor, destination: address, amount: 1n });
  await assert.rejects(buildTransaction(chain.connection(poor), [instruction]), EmptyWalletError);
});

test("given a transaction that gets lost when it is sent then the same bytes are sent again", async () => {
  let losses = 2;
  chain.sending = () => (losses-- > 0 ? "lose" : "land");
  const started = Date.now();
  const { events, slot } = await sendInstructions(connectionOf(), [await transfer()]);
  assert.deepEqual(events, []);
  assert.ok(slot > 0n);
  assert.equal(chain.sent.length, 3);
  assert.equal(new Set(chain.sent).size, 1);
  assert.ok(Date.now() - started >= 100);
});

test("given a transaction that nobody has seen yet when it is waited for then the same bytes are sent until somebody has", async () => {
  chain.sending = () => "hide";
  const connection = connectionOf();
  const built = await buildTransaction(connection, [await transfer()]);
  const sent = sendAndConfirm(connection, built);
  setTimeout(() => chain.reveal(), 300);
  assert.ok((await sent) > 0n);
  assert.equal(new Set(chain.sent).size, 1);
});

test("given a lost transaction when its blockhash expires then it is said that it never lands", async () => {
  chain.sending = () => "lose";
  const connection = connectionOf();
  const built = await buildTransaction(connection, [await transfer()]);
  chain.height = built.lastValidBlockHeight;
  setTimeout(() => (chain.height += 1n), 300);
  const started = Date.now();
  await assert.rejects(sendAndConfirm(connection, built), (error) => {
    assert.ok(error instanceof ExpiredError);
    assert.equal(error.signature, built.signature);
    return true;
  });
  assert.ok(Date.now() - started >= 300);
  assert.deepEqual(await fateOf(connection, built.signature), { kind: "unknown" });
});

test("given an endpoint that fails for a while when a transaction is sent then it waits", async () => {
  let failures = 5;
  chain.trouble = (method) => {
    if (method === "getSignatureStatuses" && failures-- > 0) throw new TypeError("fetch failed");
  };
  await sendInstructions(connectionOf(), [await transfer()]);
  // However often the same bytes are.
  assert.equal(new Set(chain.sent).size, 1);
});

test("given an endpoint that answers with no JSON for a while when a transaction is sent then it waits", async () => {
  let failures = 5;
  chain.trouble = (method) => {
    if (method === "getSignatureStatuses" && failures-- > 0)
      throw new SyntaxError("Unexpected token '<'");
  };
  await sendInstructions(connectionOf(), [await transfer()]);
  assert.equal(new Set(chain.sent).size, 1);
});

test("given a node that refuses the same bytes when they are sent again then what was sent before is waited for", async () => {
  chain.sending = () => "hide";
  let sends = 0;
  chain.trouble = (method) => {
    if (method !== "sendTransaction" || sends++ === 0) return;
    chain.reveal();
    throw new SolanaError(SOLANA_ERROR__JSON_RPC__INVALID_PARAMS, { __serverMessage: "no" });
  };
  const { slot } = await sendInstructions(connectionOf(), [await transfer()]);
  assert.ok(slot > 0n);
  assert.equal(sends, 2);
});

test("given a node that refuses the bytes when they are sent first then its refusal is told", async () => {
  chain.trouble = (method) => {
    if (method === "sendTransaction")
      throw new SolanaError(SOLANA_ERROR__JSON_RPC__INVALID_PARAMS, { __serverMessage: "no" });
  };
  await assert.rejects(sendInstructions(connectionOf(), [await transfer()]), SolanaError);
});

test("given an endpoint that falls silent when a transaction is sent then its fate is said to be unknown", async () => {
  const connection = connectionOf({ patienceMilliseconds: 100 });
  const built = await buildTransaction(connection, [await transfer()]);
  chain.trouble = () => {
    throw new TypeError("fetch failed");
  };
  await assert.rejects(sendAndConfirm(connection, built), FateUnknownError);
});

test("given an abort when a transaction is sent then its fate is said to be unknown", async () => {
  chain.sending = () => "lose";
  const connection = connectionOf();
  const built = await buildTransaction(connection, [await transfer()]);
  const abortSignal = AbortSignal.timeout(100);
  await assert.rejects(sendAndConfirm(connection, built, { abortSignal }), FateUnknownError);
});

test("given a transaction that fails on the chain when it is confirmed then its error is told", async () => {
  const connection = connectionOf();
  const all = await transfer(600_000_000_000n);
  const [first, second] = [
    await buildTransaction(connection, [all]),
    await buildTransaction(connection, [await transfer(600_000_000_000n)]),
  ];
  await sendAndConfirm(connection, first);
  await assert.rejects(sendAndConfirm(connection, second), EmptyWalletError);
});
