// The command line's arguments.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { Fault } from "./fault.mjs";

export const USAGE = `usage: node node/main.mjs [options]

  --rpc-port PORT              JSON-RPC over HTTP, on loopback; 8899, and 0 for any that is free
  --ws-port PORT               subscriptions over websockets, on loopback; 8900, and 0 for any that is free
  --slot-ms MILLISECONDS       time between two blocks, 20 to 10000; 400
  --speed FACTOR               seconds of the chain's time in a second, 1 to 3600; 1
  --start TIME                 where the chain's clock starts, such as 2027-03-01T00:00:00Z; now
  --programs FOLDER            where registry.so, oracle.so and market.so are; target/deploy
  --upgrade-authority ADDRESS  who may upgrade the programs; nobody
  --control                    take lines such as "speed 60" from stdin, and stop when it ends
  --help                       this page`;

/** Slots that the clock is moved at the start; why, is said in clock.mjs. */
export const FIRST_SLOTS = 64;

/** The arguments as values, or a Fault that says which one is wrong. */
export function readOptions(args) {
  const values = parse(args);
  const slotMs = integer(values, "slot-ms", 20, 10_000);
  return {
    help: values.help,
    control: values.control,
    rpcPort: integer(values, "rpc-port", 0, 65_535),
    wsPort: integer(values, "ws-port", 0, 65_535),
    slotMs,
    speed: number(values, "speed", 1, 3600),
    startMs: startOf(values.start, Date.now() + FIRST_SLOTS * slotMs),
    programs: values.programs,
    upgradeAuthority: addressOf(values["upgrade-authority"]),
  };
}

function parse(args) {
  const text = (value) => ({ type: "string", default: value });
  try {
    return parseArgs({
      args,
      options: {
        help: { type: "boolean", default: false },
        control: { type: "boolean", default: false },
        "rpc-port": text("8899"),
        "ws-port": text("8900"),
        "slot-ms": text("400"),
        speed: text("1"),
        start: { type: "string" },
        programs: text(fileURLToPath(new URL("../target/deploy", import.meta.url))),
        "upgrade-authority": { type: "string" },
      },
    }).values;
  } catch (error) {
    throw wrong(error.message);
  }
}

const wrong = (message) => new Fault(`${message}\n\n${USAGE}`, 2);

function number(values, name, least, most) {
  const value = /^\d+(\.\d+)?$/.test(values[name]) ? Number(values[name]) : NaN;
  if (!(value >= least && value <= most))
    throw wrong(`--${name} is a number from ${least} to ${most}, not ${values[name]}`);
  return value;
}

function integer(values, name, least, most) {
  const value = number(values, name, least, most);
  if (!Number.isInteger(value)) throw wrong(`--${name} is a whole number, not ${values[name]}`);
  return value;
}

/** Where the clock starts, in milliseconds of unix time: `earliest`, if nothing else is said. */
function startOf(text, earliest) {
  if (text === undefined) return earliest;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time))
    throw wrong(`--start is a time in UTC such as 2027-03-01T00:00:00Z, not ${text}`);
  if (time < earliest)
    throw wrong(
      `--start is too early, since the chain's clock can't be set back; pass ` +
        `${new Date(Math.ceil(earliest / 1000) * 1000 + 5000).toISOString().replace(/\.\d+/, "")} or later`,
    );
  return time;
}

function addressOf(text) {
  if (text !== undefined && !/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(text))
    throw wrong(`--upgrade-authority is an address in base 58, not ${text}`);
  return text;
}
