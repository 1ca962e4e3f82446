// The local node (node/main.mjs), with a founded community and open windows, as `joulebook sandbox` leaves it: one file says what
// is where.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import {
  appendTransactionMessageInstructions,
  createTransactionMessage,
  generateKeyPairSigner,
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  lamports,
  pipe,
  setTransactionMessageComputeUnitLimit,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
  type KeyPairSigner,
  type Signature,
} from "@solana/kit";

import { connect, openMarket, type Connection, type ConnectionOptions } from "../../src/index.js";
import {
  DECIMALS,
  deposits,
  found,
  openPage,
  openWindow,
  type Community,
  type Send,
} from "./founding.js";

/** It runs on this machine. */
export const hasLocalNode =
  process.platform === "linux" &&
  process.arch === "x64" &&
  "glibcVersionRuntime" in (process.report.getReport() as { header: object }).header;

const main = fileURLToPath(new URL("../../../../node/main.mjs", import.meta.url));
const PAGE_SECONDS = 1200;
/** The first window of a page is open that long before it starts. */
const AHEAD_SECONDS = 600;

type Ready = Readonly<{ rpcUrl: string; wsUrl: string; genesisHash: string; programs: object }>;

export class LocalNode {
  private constructor(
    readonly ready: Ready,
    readonly community: Community,
    readonly send: Send,
    /** Of the first open window; the next one is open as well. */
    readonly start: bigint,
    /** Of the file that says what is where. */
    readonly state: string,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(households = 3): Promise<LocalNode> {
    const boundary = Math.ceil((Date.now() / 1000 + 3600) / PAGE_SECONDS) * PAGE_SECONDS;
    const { ready, stop } = await startNode(boundary - AHEAD_SECONDS);
    try {
      const authority = await generateKeyPairSigner(true);
      const connection = connect({ url: ready.rpcUrl, wsUrl: ready.wsUrl }, authority);
      await fund(connection, [authority.address]);
      const send = sender(connection);
      const community = await found(send, authority, ready.genesisHash, households, (wallets) =>
        fund(connection, wallets),
      );
      await deposits(community, send, 100n);
      const start = BigInt(boundary);
      const { addresses } = community;
      await send([
        [await openPage(addresses, start - BigInt(PAGE_SECONDS))],
        [await openPage(addresses, start)],
        [await openWindow(addresses, start)],
        [await openWindow(addresses, start + 300n)],
      ]);
      const folder = mkdtempSync(join(tmpdir(), "joulebook-"));
      const state = await writeState(folder, ready, community);
      const end = async () => {
        await stop();
        rmSync(folder, { recursive: true });
      };
      return new LocalNode(ready, community, send, start, state, end);
    } catch (error) {
      await stop();
      throw error;
    }
  }

  connection(payer: KeyPairSigner, options: ConnectionOptions = {}, wsUrl = this.ready.wsUrl) {
    return connect({ url: this.ready.rpcUrl, wsUrl }, payer, { pollMilliseconds: 50, ...options });
  }

  /** The market, with a household as trader. */
  open(place = 0, options: ConnectionOptions = {}, wsUrl = this.ready.wsUrl) {
    const { wallet } = this.community.households[place]!;
    return openMarket(this.connection(wallet, options, wsUrl), this.community.addresses.market);
  }

  /** Moves the clock, forward only. */
  async travel(time: bigint) {
    await call(this.ready.rpcUrl, "surfnet_timeTravel", [
      { absoluteTimestamp: Number(time) * 1000 },
    ]);
  }
}

async function startNode(startAt: number) {
  const start = new Date(startAt * 1000).toISOString().replace(".000", "");
  const ports = ["--rpc-port", "0", "--ws-port", "0"];
  const child = spawn(process.execPath, [main, ...ports, "--slot-ms", "100", "--start", start], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve)),
    ended.then(() => Promise.reject(new Error(said))),
  ]);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { ready: JSON.parse(line) as Ready, stop };
}

async function call(url: string, method: string, params: unknown[]) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { error } = (await response.json()) as { error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
}

async function fund({ rpc }: Connection, wallets: readonly KeyPairSigner["address"][]) {
  const amount = lamports(1_000_000_000_000n);
  const airdrops = await Promise.all(wallets.map((it) => rpc.requestAirdrop(it, amount).send()));
  for (const signature of airdrops) await confirmed(rpc, signature);
}

/** Sends all, one behind the other, and waits for them in the end: the node takes them in their order. */
function sender({ rpc, payer }: Connection): Send {
  return async (transactions) => {
    const { value: blockhash } = await rpc.getLatestBlockhash({ commitment: "confirmed" }).send();
    const signatures: Signature[] = [];
    for (const instructions of transactions) {
      const transaction = await signTransactionMessageWithSigners(
        pipe(
          createTransactionMessage({ version: 0 }),
          (message) => setTransactionMessageFeePayerSigner(payer, message),
          (message) => setTransactionMessageLifetimeUsingBlockhash(blockhash, message),
          (message) => appendTransactionMessageInstructions(instructions, message),
          (message) => setTransactionMessageComputeUnitLimit(1_000_000, message),
        ),
      );
      const wire = getBase64EncodedWireTransaction(transaction);
      await rpc.sendTransaction(wire, { encoding: "base64", skipPreflight: true }).send();
      signatures.push(getSignatureFromTransaction(transaction));
    }
    for (const signature of signatures) await confirmed(rpc, signature);
  };
}

async function confirmed(rpc: Connection["rpc"], signature: Signature) {
  for (let tries = 0; tries < 400; tries++) {
    const { value } = await rpc.getSignatureStatuses([signature]).send();
    const [status] = value;
    if (status?.err)
      throw new Error(
        JSON.stringify(status.err, (_, it) => (typeof it === "bigint" ? `${it}` : it)),
      );
    if (status?.confirmationStatus && status.confirmationStatus !== "processed") return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${signature} was not confirmed`);
}

/** The file that `joulebook sandbox` writes, with the keys beside it. */
async function writeState(folder: string, ready: Ready, community: Community): Promise<string> {
  mkdirSync(join(folder, "keys"));
  const write = async (name: string, keys: CryptoKeyPair) => {
    const key = join("keys", `${name}.json`);
    writeFileSync(join(folder, key), JSON.stringify([...(await keyBytes(keys))]), { mode: 0o600 });
    return key;
  };
  const { addresses, households, authority } = community;
  const state = {
    version: 1,
    ...ready,
    token: { mint: addresses.quoteMint, program: addresses.tokenProgram, decimals: DECIMALS },
    ...{
      community: addresses.community,
      market: addresses.market,
      meterTable: addresses.meterTable,
    },
    authority: { address: authority.address, key: await write("authority", authority.keyPair) },
    households: await Promise.all(
      households.map(async ({ name, wallet, seat, tokens, device, meter }) => ({
        ...{ name, address: wallet.address, seat, participantIndex: seat, tokenAccount: tokens },
        key: await write(name, wallet.keyPair),
        meters: [
          { index: meter, kind: "ed25519", device: { key: await write(`${name} meter`, device) } },
        ],
      })),
    ),
  };
  const file = join(folder, "sandbox.json");
  writeFileSync(file, JSON.stringify(state));
  return file;
}

/** As Solana's tools write a key pair: the private key, then the public one. */
async function keyBytes({ privateKey, publicKey }: CryptoKeyPair): Promise<Uint8Array> {
  const { d } = await crypto.subtle.exportKey("jwk", privateKey);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  return new Uint8Array([...Buffer.from(d!, "base64url"), ...raw]);
}
