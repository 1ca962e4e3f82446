// A Solana node on this machine, with Joulebook's programs: see README.md.
//
// One line of JSON on stdout says that it is ready; everything else goes to stderr.

import { runClock } from "./clock.mjs";
import { listen } from "./control.mjs";
import { Fault } from "./fault.mjs";
import { forward } from "./forward.mjs";
import { readOptions, USAGE } from "./options.mjs";
import { loadPrograms, programFiles } from "./programs.mjs";
import { startSurfpool } from "./surfpool.mjs";

/** Starts what the arguments ask for. Gives what to print, and what stops it all. */
async function start(options) {
  const programs = programFiles(options.programs);
  const surfpool = await startSurfpool(options.slotMs);
  const stopped = [() => surfpool.node.stop()];
  const stop = () => stopped.reverse().forEach((each) => each());
  try {
    // Time first: programs are loaded in the slot that is then the current one.
    const clock = runClock(surfpool.node, options, fail);
    stopped.push(clock.stop);
    await loadPrograms(surfpool, programs, options.upgradeAuthority);
    const rpc = await forward(options.rpcPort, surfpool.node.rpcUrl, "--rpc-port");
    stopped.push(rpc.close);
    const ws = await forward(options.wsPort, surfpool.node.wsUrl, "--ws-port");
    stopped.push(ws.close);
    return {
      stop,
      clock,
      ready: {
        rpcUrl: `http://127.0.0.1:${rpc.port}`,
        wsUrl: `ws://127.0.0.1:${ws.port}`,
        genesisHash: await surfpool.call("getGenesisHash"),
        pid: process.pid,
        programs: Object.fromEntries(programs.map(({ name, address }) => [name, address])),
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Ends with a sentence on stderr: 2 for wrong arguments, 1 for anything else. */
function fail(error) {
  console.error(error instanceof Fault ? `node: ${error.message}` : error);
  process.exit(error instanceof Fault ? error.exitCode : 1);
}

// Whoever started it may be gone, and no longer read what it says.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const { ready, stop, clock } = await start(options);
  const end = (because) => {
    console.error(`node: stopped by ${because}`);
    stop();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => end(signal));
  if (options.control) listen(process.stdin, clock, () => end("the end of its input"));
  console.log(JSON.stringify(ready));
} catch (error) {
  fail(error);
}
