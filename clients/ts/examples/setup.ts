// What the examples have in common: the file that `joulebook sandbox` has written, and a client of one household in it.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  createClient,
  createKeyPairFromBytes,
  createSignerFromKeyPair,
  type Address,
} from "@solana/kit";
import { connection, identity, joulebook } from "@joulebook/client";

type Sandbox = Readonly<{
  rpcUrl: string;
  wsUrl: string;
  market: Address;
  households: readonly Readonly<{
    name: string;
    key: string;
    meters: readonly Readonly<{ device: { key: string } }>[];
  }>[];
}>;

/** The client of household number `place`, with its market and the key of its meter. */
export async function household(file: string, place: number) {
  const setup = JSON.parse(readFileSync(file, "utf8")) as Sandbox;
  // Key files are those of Solana's tools: 64 numbers.
  const keyPair = (key: string) => {
    const text = readFileSync(join(dirname(file), key), "utf8");
    return createKeyPairFromBytes(new Uint8Array(JSON.parse(text) as number[]));
  };
  const { key, meters } = setup.households[place]!;
  const me = await createSignerFromKeyPair(await keyPair(key));
  const client = await createClient()
    .use(identity(me))
    .use(connection({ url: setup.rpcUrl, wsUrl: setup.wsUrl }))
    .use(joulebook({ market: setup.market }));
  return { market: client.joulebook, device: await keyPair(meters[0]!.device.key) };
}
