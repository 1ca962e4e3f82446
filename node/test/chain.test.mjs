import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  AccountRole,
  appendTransactionMessageInstruction,
  createSolanaRpcSubscriptions,
  createTransactionMessage,
  generateKeyPairSigner,
  getAddressEncoder,
  getBase64EncodedWireTransaction,
  getProgramDerivedAddress,
  getSignatureFromTransaction,
  lamports,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
} from "@solana/kit";

import { elsewhere, start } from "./node.mjs";

const SYSTEM = "11111111111111111111111111111111";
const LOADER = "BPFLoaderUpgradeab1e11111111111111111111111";

/** A wallet with 10 SOL. */
async function wallet(rpc) {
  const signer = await generateKeyPairSigner();
  await confirmed(rpc, await rpc.requestAirdrop(signer.address, lamports(10_000_000_000n)).send());
  return signer;
}

/** Waits until a transaction is confirmed; gives its error, or null. */
async function confirmed(rpc, signature) {
  for (;;) {
    const { value } = await rpc.getSignatureStatuses([signature]).send();
    if (value[0]?.confirmationStatus && value[0].confirmationStatus !== "processed")
      return value[0].err;
    await sleep(50);
  }
}

/** Sends an instruction, and gives the error of its transaction, or null. */
async function send(rpc, payer, instruction) {
  const { value: blockhash } = await rpc.getLatestBlockhash().send();
  const transaction = await signTransactionMessageWithSigners(
    pipe(
      createTransactionMessage({ version: 0 }),
      (message) => setTransactionMessageFeePayerSigner(payer, message),
      (message) => setTransactionMessageLifetimeUsingBlockhash(blockhash, message),
      (message) => appendTransactionMessageInstruction(instruction, message),
    ),
  );
  const wire = getBase64EncodedWireTransaction(transaction);
  await rpc.sendTransaction(wire, { encoding: "base64", skipPreflight: true }).send();
  return confirmed(rpc, getSignatureFromTransaction(transaction));
}

const u32 = (value) => new Uint8Array(new Uint32Array([value]).buffer);

function transfer(source, destination, amount) {
  const data = new Uint8Array(12);
  data.set(u32(2));
  new DataView(data.buffer).setBigUint64(4, amount, true);
  const accounts = [
    { address: source.address, role: AccountRole.WRITABLE_SIGNER, signer: source },
    { address: destination, role: AccountRole.WRITABLE },
  ];
  return { programAddress: SYSTEM, accounts, data };
}

async function programData(program) {
  const seeds = [getAddressEncoder().encode(program)];
  return (await getProgramDerivedAddress({ programAddress: LOADER, seeds }))[0];
}

async function bytesOf(rpc, account) {
  const { value } = await rpc.getAccountInfo(account, { encoding: "base64" }).send();
  return Buffer.from(value.data[0], "base64");
}

test(
  "given a wallet with an airdrop when it transfers then the money is there, and a subscriber is told",
  elsewhere,
  async (context) => {
    const { rpc, ready } = await start(context);
    const payer = await wallet(rpc);
    const { address } = await generateKeyPairSigner();
    const abort = new AbortController();
    const told = await createSolanaRpcSubscriptions(ready.wsUrl)
      .accountNotifications(address, { commitment: "confirmed" })
      .subscribe({ abortSignal: abort.signal });
    // Asked for before anything is sent: what comes earlier is dropped.
    const first = told[Symbol.asyncIterator]().next();
    assert.equal(await send(rpc, payer, transfer(payer, address, 1_000_000_000n)), null);
    assert.equal((await first).value.value.lamports, 1_000_000_000n);
    abort.abort();
    assert.equal((await rpc.getBalance(address).send()).value, 1_000_000_000n);
    assert.equal(await rpc.getGenesisHash().send(), ready.genesisHash);
  },
);

test(
  "given the programs when accounts of the loader are asked for then theirs are found",
  elsewhere,
  async (context) => {
    const { rpc, ready } = await start(context);
    const found = await rpc
      .getProgramAccounts(LOADER, { encoding: "base64", dataSlice: { offset: 0, length: 0 } })
      .send();
    const addresses = found.map(({ pubkey }) => pubkey);
    for (const program of Object.values(ready.programs)) {
      assert.ok(addresses.includes(await programData(program)));
      const { value } = await rpc.getAccountInfo(program, { encoding: "base64" }).send();
      assert.equal(value.executable, true);
    }
  },
);

test(
  "given an upgrade authority when it upgrades a program then the loader takes it, and from nobody else",
  elsewhere,
  async (context) => {
    const authority = await generateKeyPairSigner();
    const { rpc, ready } = await start(context, "--upgrade-authority", authority.address);
    const payer = await wallet(rpc);
    const program = ready.programs.registry;
    const data = await programData(program);
    assert.deepEqual(
      [...(await bytesOf(rpc, data)).subarray(12, 45)],
      [1, ...getAddressEncoder().encode(authority.address)],
    );

    // Another program's code in a buffer, put there by a shortcut of this node. All after it is the loader's own.
    const elf = readFileSync(new URL("../../target/deploy/oracle.so", import.meta.url));
    const upgrade = async (signer) => {
      const buffer = (await generateKeyPairSigner()).address;
      const header = [...u32(1), 1, ...getAddressEncoder().encode(signer.address)];
      const account = {
        lamports: 6_000_000_000,
        owner: LOADER,
        data: Buffer.concat([Buffer.from(header), elf]).toString("hex"),
      };
      const response = await fetch(ready.rpcUrl, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "surfnet_setAccount",
          params: [buffer, account],
        }),
      });
      assert.equal((await response.json()).error, undefined);
      const accounts = [
        { address: data, role: AccountRole.WRITABLE },
        { address: program, role: AccountRole.WRITABLE },
        { address: buffer, role: AccountRole.WRITABLE },
        { address: payer.address, role: AccountRole.WRITABLE },
        { address: "SysvarRent111111111111111111111111111111111", role: AccountRole.READONLY },
        { address: "SysvarC1ock11111111111111111111111111111111", role: AccountRole.READONLY },
        { address: signer.address, role: AccountRole.READONLY_SIGNER, signer },
      ];
      return send(rpc, payer, { programAddress: LOADER, accounts, data: u32(3) });
    };

    // The account has room for the program that it was made with, so a longer one needs it extended first.
    const extend = new Uint8Array([...u32(6), ...u32(elf.length)]);
    const accounts = [
      { address: data, role: AccountRole.WRITABLE },
      { address: program, role: AccountRole.WRITABLE },
      { address: SYSTEM, role: AccountRole.READONLY },
      { address: payer.address, role: AccountRole.WRITABLE_SIGNER, signer: payer },
    ];
    assert.equal(await send(rpc, payer, { programAddress: LOADER, accounts, data: extend }), null);

    const refused = await upgrade(payer);
    assert.deepEqual(refused.InstructionError, [0n, "IncorrectAuthority"]);
    assert.equal(await upgrade(authority), null);
    assert.equal(Buffer.compare((await bytesOf(rpc, data)).subarray(45, 45 + elf.length), elf), 0);
  },
);
