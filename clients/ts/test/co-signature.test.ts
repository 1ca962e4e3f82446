import assert from "node:assert/strict";

import {
  appendTransactionMessageInstruction,
  createTransactionMessage,
  generateKeyPairSigner,
  partiallySignTransactionMessageWithSigners,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingDurableNonce,
  type KeyPairSigner,
  type Transaction,
} from "@solana/kit";
import { getTransferSolInstruction } from "@solana-program/system";
import { beforeEach, test } from "vitest";

import {
  agree,
  askForSignature,
  closeNonce,
  CoSignatureError,
  examineRequest,
  makeNonce,
  openMarket,
  oracle,
  readAllMeters,
  readNonce,
  readNonces,
  sendInstructions,
  watts,
  wh,
  whSum,
  type CoSigned,
  type DurableNonce,
  type MarketHandle,
} from "../src/index.js";
import { foundLocally, type LocalCommunity } from "./chain/founded.js";

let local: LocalCommunity;
let authority: KeyPairSigner;
let owner: KeyPairSigner;
/** As the authority, and as a meter's owner. */
let asking: MarketHandle;
let agreeing: MarketHandle;
let nonce: DurableNonce;
let register: CoSigned;

beforeEach(async () => {
  local = await foundLocally(2);
  ({ authority } = local.community);
  owner = local.household(0).wallet;
  const { market } = local.community.addresses;
  const open = (wallet: KeyPairSigner) =>
    openMarket(local.chain.connection(wallet, { maxPriorityFee: 0n }), market, {
      maxClockLag: 10_000,
    });
  asking = await open(authority);
  agreeing = await open(owner);
  nonce = await newNonce();
  register = {
    ...{ kind: "registerMeter", owner: owner.address },
    details: {
      ...{ device: new Uint8Array(32).fill(5), keyKind: oracle.KeyKind.P256Even, zone: 0 },
      ...{ assetKind: oracle.AssetKind.Mixed, source: oracle.EnergySource.Sun },
      ...{ maxImport: watts(10_000), maxExport: watts(5_000), standardDraw: wh(100) },
      ...{ import: whSum(7), export: whSum(0) },
    },
  };
});

async function newNonce(): Promise<DurableNonce> {
  const made = await makeNonce(asking.connection, authority);
  await sendInstructions(asking.connection, made!.instructions);
  return (await readNonce(asking.connection, made!.account))!;
}

const ask = (change: CoSigned = register) =>
  askForSignature(asking, { signer: authority }, change, nonce);

const fault = (expected: string) => (error: unknown) => {
  assert.ok(error instanceof CoSignatureError, String(error));
  assert.equal(error.fault, expected);
  return true;
};

test("given a meter to register when one asks and its owner agrees then it is registered, and the asker has paid", async () => {
  const transaction = await ask();
  const before = local.chain.svm.getBalance(owner.address);
  const request = await examineRequest(agreeing, transaction);
  assert.deepEqual(request.change, register);
  assert.equal(request.payer, authority.address);
  const { events } = await agree(agreeing, request);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ["MeterRegistered"],
  );
  assert.equal((await readAllMeters(asking)).length, 3);
  assert.equal(local.chain.svm.getBalance(owner.address), before);
  // It moved the nonce on: nobody can use it twice.
  await assert.rejects(examineRequest(agreeing, transaction), fault("used"));
});

test("given a meter to retire with its last registers when its owner agrees then it is retired", async () => {
  const registers = { import: whSum(0), export: whSum(0) };
  const change = { kind: "retireMeter", owner: owner.address, meter: 0, registers } as const;
  const request = await examineRequest(agreeing, await ask(change));
  assert.deepEqual(request.change, change);
  await agree(agreeing, request);
  assert.equal((await readAllMeters(asking))[0]!.status, oracle.MeterStatus.Retired);
});

test("given what is asked for when its nonce account is closed then it was taken back, and nothing happens", async () => {
  const transaction = await ask();
  const request = await examineRequest(agreeing, transaction);
  const [own] = await readNonces(asking.connection, authority.address);
  assert.equal(own!.number, 0);
  await sendInstructions(asking.connection, [closeNonce(authority, own!)]);
  await assert.rejects(agree(agreeing, request), fault("used"));
  assert.deepEqual(await readNonces(asking.connection, authority.address), []);
});

test("given what is asked for when another wallet looks at it then it says whom it is for", async () => {
  const transaction = await ask();
  const other = { ...agreeing, owner: local.household(1).wallet.address };
  await assert.rejects(examineRequest(other, transaction), fault("forAnother"));
  await assert.rejects(examineRequest(asking, transaction), fault("youPay"));
});

test("given a transaction that was changed when it is looked at then it is refused", async () => {
  const transaction = await ask();
  const bytes = new Uint8Array(transaction.messageBytes);
  // The last byte is of the registers: another amount is another message, which nobody has signed.
  bytes[bytes.length - 16] = 99;
  const changed = { ...transaction, messageBytes: bytes } as unknown as Transaction;
  await assert.rejects(examineRequest(agreeing, changed), fault("badSignature"));
  const cut = { ...transaction, messageBytes: bytes.slice(0, 40) } as unknown as Transaction;
  await assert.rejects(examineRequest(agreeing, cut), fault("none"));
});

test("given a transaction that does something else when it is looked at then it is refused", async () => {
  const thief = await generateKeyPairSigner();
  const transfer = (from: KeyPairSigner) =>
    getTransferSolInstruction({ source: from, destination: thief.address, amount: 1_000_000_000n });
  const base = pipe(
    createTransactionMessage({ version: "legacy" }),
    (message) => setTransactionMessageFeePayerSigner(authority, message),
    (message) =>
      setTransactionMessageLifetimeUsingDurableNonce(
        {
          ...{ nonce: nonce.value, nonceAccountAddress: nonce.account },
          nonceAuthorityAddress: authority.address,
        },
        message,
      ),
  );
  const alone = await partiallySignTransactionMessageWithSigners(
    appendTransactionMessageInstruction(transfer(owner), base),
  );
  await assert.rejects(examineRequest(agreeing, alone), fault("unknownKind"));
  const { instruction } = await registration();
  const behind = await partiallySignTransactionMessageWithSigners(
    pipe(
      base,
      (message) => appendTransactionMessageInstruction(transfer(owner), message),
      (message) => appendTransactionMessageInstruction(instruction, message),
    ),
  );
  await assert.rejects(examineRequest(agreeing, behind), fault("unknownKind"));
  // The same instruction with another's account behind those that it has.
  const { accounts } = instruction;
  const longer = {
    ...instruction,
    accounts: [...accounts, { address: thief.address, role: 1 }],
  };
  const bent = await partiallySignTransactionMessageWithSigners(
    appendTransactionMessageInstruction(longer, base),
  );
  await assert.rejects(examineRequest(agreeing, bent), fault("bent"));
});

async function registration() {
  const { instructions } = await import("../src/index.js");
  const { addresses } = asking;
  assert.ok(register.kind === "registerMeter");
  return {
    instruction: await instructions.registerMeter(
      ...[addresses, { signer: authority }, owner, register.details],
    ),
  };
}

test("given two that wait when another is made then it has another nonce account", async () => {
  const second = await newNonce();
  assert.notEqual(second.account, nonce.account);
  const numbers = (await readNonces(asking.connection, authority.address)).map(
    ({ number }) => number,
  );
  assert.deepEqual(numbers, [0, 1]);
});
