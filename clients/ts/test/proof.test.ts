// A household's bill from accounts, transactions and device signatures alone.

import assert from "node:assert/strict";

import { beforeEach, describe, test } from "vitest";

import {
  getBase64Codec,
  getSignatureFromTransaction,
  getTransactionDecoder,
  type Base64EncodedWireTransaction,
  type ReadonlyUint8Array,
  type Signature,
} from "@solana/kit";

import {
  instructions,
  placeOrders,
  proveBill,
  readBinding,
  readTransaction,
  sendInstructions,
  signReading,
  submitReadings,
  whSum,
  type MarketHandle,
  type ProofProgress,
} from "../src/index.js";
import { foundLocally, type LocalCommunity } from "./chain/founded.js";

let local: LocalCommunity;
let buyer: MarketHandle;

/** Wh that a household has drawn and fed in until so many intervals after the page's start. */
async function signedBy(place: number, registers: readonly (readonly [number, number, number])[]) {
  const { device, meter } = local.household(place);
  const binding = await readBinding(buyer);
  return Promise.all(
    registers.map(([intervals, drawn, fedIn]) =>
      signReading(device, binding, {
        ...{ meter, boundary: local.start + BigInt(300 * intervals), flags: 0 },
        ...{ sequence: BigInt(intervals + 1), import: whSum(drawn), export: whSum(fedIn) },
      }),
    ),
  );
}

async function settle(windows: number) {
  const { addresses } = local.community;
  const settling = await instructions.settle(
    addresses,
    local.start,
    { first: 0, count: windows },
    { first: 0, count: 16 },
  );
  await sendInstructions(buyer.connection, [settling]);
}

const base64 = getBase64Codec();
const isOf = (wire: string, signature: Signature) =>
  getSignatureFromTransaction(getTransactionDecoder().decode(base64.encode(wire))) === signature;

const month = () => ({ since: local.start, until: local.start + 1_200n });

beforeEach(async () => {
  local = await foundLocally(2);
  buyer = await local.open(0);
  const seller = await local.open(1);
  await placeOrders(buyer, local.start, [{ buy: "1", atMost: "0.2" }]);
  await placeOrders(seller, local.start, [{ sell: "1", atLeast: "0.2" }]);
  await local.close(local.start);
  local.chain.setTime(local.start + 620n);
});

describe("a bill", () => {
  test("given a window that was settled when it is proven then each line can be checked by hand, and stands on signatures", async () => {
    const readings = [
      ...(await signedBy(0, [
        [0, 0, 0],
        [1, 1_500, 0],
        [2, 1_500, 0],
      ])),
      ...(await signedBy(1, [
        [0, 0, 0],
        [1, 0, 800],
        [2, 0, 800],
      ])),
    ];
    await submitReadings(buyer, readings);
    await settle(2);
    const steps: ProofProgress["step"][] = [];
    const proof = await proveBill(buyer, month(), { onProgress: ({ step }) => steps.push(step) });

    const [traded, quiet, ...others] = proof.windows;
    assert.equal(others.length, 0);
    const { short } = traded!.window;
    // 1 kWh at 20 ct, its grid fee of 2 ct, the market's of a hundredth, and half a kWh of the supplier's.
    assert.deepEqual(traded!.lines, {
      ...{ bought: 200_000_000n, sold: 0n, gridFee: 20_000_000n, marketFee: 2_000_000n },
      ...{ short: 500n * BigInt(short), long: 0n, unheard: 0n, afterSilence: 0n },
    });
    assert.deepEqual([traded!.deviation, quiet!.deviation], [500n, 0n]);
    assert.equal(proof.total, 222_000_000n + 500n * BigInt(short));
    assert.deepEqual(proof.intervals, {
      ...{ signed: 2, replaced: 0, missing: 0, unsigned: 0, contradicted: 0 },
    });
    assert.deepEqual([proof.verified >= 3, proof.refused], [true, 0]);
    const [entry] = traded!.entries;
    assert.deepEqual(
      entry!.from.map(({ signature }) => signature),
      readings.slice(0, 2).map(({ signature }) => signature),
    );
    assert.deepEqual(
      proof.unproven.map(({ since, until, why }) => [
        since - local.start,
        until - local.start,
        why,
      ]),
      [[600n, 1_200n, "notOver"]],
    );
    assert.deepEqual([...new Set(steps)], ["accounts", "lists", "transactions", "windows"]);
  });

  test("given values that are not settled yet, and a meter without one, when proven then it says so", async () => {
    await submitReadings(
      buyer,
      await signedBy(0, [
        [0, 0, 0],
        [1, 400, 0],
      ]),
    );
    const { unproven, lines } = await proveBill(buyer, month());
    assert.deepEqual(
      unproven.map(({ why }) => why),
      ["notSettled", "noValueYet", "notOver"],
    );
    assert.deepEqual([lines.long, lines.unheard], [0n, 0n]);
  });

  test("given transactions that the endpoint has no more when proven then what they told is open", async () => {
    const readings = await signedBy(0, [
      [0, 0, 0],
      [1, 400, 0],
      [2, 400, 0],
    ]);
    const { receipts } = await submitReadings(buyer, readings);
    await settle(2);
    for (const { signature } of receipts) local.chain.forget(signature);
    const proof = await proveBill(buyer, month());
    assert.deepEqual([proof.intervals.signed, proof.intervals.unsigned], [0, 2]);
    assert.deepEqual(
      proof.unproven.map(({ why }) => why),
      ["unsigned", "lost", "notOver"],
    );
  });

  test("given a transaction that its signer has not signed so when it is read then it is nobody's", async () => {
    const { receipts } = await submitReadings(buyer, await signedBy(0, [[0, 0, 0]]));
    const { signature } = receipts[0]!;
    const at = local.chain.sent.findIndex((wire) => isOf(wire, signature));
    const wire = base64.encode(local.chain.sent[at]!);
    const told = (bytes: ReadonlyUint8Array) => ({
      slot: 7n,
      transaction: [base64.decode(bytes) as Base64EncodedWireTransaction, "base64"] as const,
      meta: { logMessages: [] },
    });
    const read = readTransaction(signature, told(wire));
    assert.ok(
      read!.instructions.some(({ accounts }) => accounts[0] === buyer.addresses.meterTable),
    );
    const bent = wire.map((byte, place) => (place === wire.length - 9 ? byte ^ 1 : byte));
    assert.equal(readTransaction(signature, told(bent as Uint8Array)), undefined);
    assert.equal(readTransaction(signature, told(wire.slice(0, 40))), undefined);
    assert.equal(readTransaction(signature, { ...told(wire), meta: null }), undefined);
  });

  test("given few questions when proven then no more are asked, and what was not read is open", async () => {
    await submitReadings(
      buyer,
      await signedBy(0, [
        [0, 0, 0],
        [1, 400, 0],
      ]),
    );
    const proof = await proveBill(buyer, month(), { mostRequests: 4 });
    assert.equal(proof.requests, 4);
    assert.ok(proof.unproven.some(({ why }) => why === "tooMany"));
  });

  test("given somebody who has had enough when proven then it ends", async () => {
    const abort = new AbortController();
    abort.abort(new Error("enough"));
    await assert.rejects(proveBill(buyer, month(), { signal: abort.signal }), /enough/);
  });

  test("given more than a month, or a wallet without a seat, when proven then it is refused", async () => {
    const long = { since: 0n, until: 40n * 86_400n };
    await assert.rejects(proveBill(buyer, long), RangeError);
    const stranger = { ...buyer, owner: local.community.authority.address };
    await assert.rejects(proveBill(stranger, month()), /no seat/);
  });
});
