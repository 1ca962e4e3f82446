// Surfpool, the node itself: one native module, which runs in this process.

import { createRequire } from "node:module";

import { Fault } from "./fault.mjs";

const PACKAGE = "@solana/surfpool-linux-x64-gnu";

/** What its own payer gets, lamports. Nobody uses that; with less than rent it does not start. */
const PAYER_LAMPORTS = 1_000_000_000;

/** A node that makes a block every `slotMs`, on ports of its own choice, and a function that calls it. */
export async function startSurfpool(slotMs) {
  const { Surfnet } = load();
  // In any other mode than `clock`, transactions that are signed ahead get lost.
  const node = Surfnet.startWithConfig({
    offline: true,
    blockProductionMode: "clock",
    slotTimeMs: slotMs,
    airdropSol: PAYER_LAMPORTS,
  });
  return { node, call: (method, ...params) => call(node.rpcUrl, method, params) };
}

function load() {
  const isGlibc = Boolean(process.report.getReport().header.glibcVersionRuntime);
  const here = `${process.platform} ${process.arch}${process.platform === "linux" && !isGlibc ? " without glibc" : ""}`;
  if (here !== "linux x64")
    throw new Fault(
      `the local node runs on Linux with glibc on x86-64 only, and this is ${here}; ` +
        `start another node, such as surfpool or solana-test-validator, and pass its address to the tools with --url`,
    );
  try {
    return createRequire(import.meta.url)(PACKAGE);
  } catch (error) {
    throw new Fault(`${PACKAGE} can't be loaded: ${error.message}; run npm ci`);
  }
}

async function call(url, method, params) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${error.message} ${error.data ?? ""}`);
  return result;
}
