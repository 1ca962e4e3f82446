// Starts the node as a user does, and speaks with it.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { createSolanaRpc } from "@solana/kit";

const isHere =
  process.platform === "linux" &&
  process.arch === "x64" &&
  Boolean(process.report.getReport().header.glibcVersionRuntime);
/** Options of a test that starts the node. */
export const elsewhere = {
  skip: isHere ? false : "the local node runs on Linux with glibc on x86-64 only",
};

const main = fileURLToPath(new URL("../main.mjs", import.meta.url));
/** The script, or the program that JOULEBOOK_NODE names in its place. */
const command = process.env.JOULEBOOK_NODE
  ? [process.env.JOULEBOOK_NODE]
  : [process.execPath, main];

/** Runs the node with these arguments, until `context`, a test, is over. */
export function run(context, ...args) {
  const [program, ...first] = command;
  const child = spawn(program, [...first, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  context.after(() => child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"])
    child[name].setEncoding("utf8").on("data", (text) => (output[name] += text));
  const ended = new Promise((resolve) => child.on("close", (code) => resolve({ code, ...output })));
  return { child, ended };
}

/** A node on free ports that is ready. */
export async function start(context, ...args) {
  const { child, ended } = run(context, "--rpc-port", "0", "--ws-port", "0", ...args);
  const line = new Promise((resolve) => createInterface(child.stdout).once("line", resolve));
  const early = ended.then(({ code, stderr }) => Promise.reject(new Error(`${code}: ${stderr}`)));
  const ready = JSON.parse(await Promise.race([line, early]));
  early.catch(() => {});
  return { child, ended, ready, rpc: createSolanaRpc(ready.rpcUrl) };
}

/** What the chain's clock shows, in seconds of unix time. */
export async function chainTime(rpc) {
  const clock = "SysvarC1ock11111111111111111111111111111111";
  const config = { encoding: "base64", commitment: "processed" };
  const { value } = await rpc.getAccountInfo(clock, config).send();
  return Number(Buffer.from(value.data[0], "base64").readBigInt64LE(32));
}
