// A way to a server that can be cut and mended, so that a node or an indexer is gone for a page and for nobody else.

import { readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";

import { serve } from "../scripts/serve.mjs";
import type { Market } from "./market-of-this-machine";

const INDEXER = "http://127.0.0.1:9105";

export class Way {
  #isCut = false;
  readonly #sockets = new Set<Socket>();

  private constructor(
    /** Where it begins, in the place of where it leads. */
    readonly url: string,
    readonly server: Server,
  ) {}

  static async to(url: string): Promise<Way> {
    const { protocol, hostname, port } = new URL(url);
    const server = createServer((near) => way.#join(near, connect(Number(port), hostname)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const own = (server.address() as AddressInfo).port;
    const way = new Way(`${protocol}//127.0.0.1:${own}`, server);
    return way;
  }

  #join(near: Socket, far: Socket) {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => (this.#sockets.delete(socket), other.destroy()));
    }
    if (this.#isCut) return void near.destroy();
    near.pipe(far).pipe(near);
  }

  cut() {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#isCut = false;
  }

  close() {
    this.cut();
    this.server.close();
  }
}

/** The page of a market, and its ways to the node and to the indexer. */
export type Served = Readonly<{
  url: string;
  node: Readonly<{ cut: () => void; mend: () => void }>;
  indexer: Way;
  close: () => Promise<void>;
}>;

/** Serves the same market's page once more, behind ways of its own. */
export async function servedBehindWays(market: Market): Promise<Served> {
  const sandbox = JSON.parse(readFileSync(join(market.folder, "sandbox.json"), "utf8")) as {
    rpcUrl: string;
    wsUrl: string;
  };
  const [rpc, ws, indexer] = await Promise.all([
    Way.to(sandbox.rpcUrl),
    Way.to(sandbox.wsUrl),
    Way.to(INDEXER),
  ]);
  const state = join(market.folder, `behind-${new URL(rpc.url).port}.json`);
  writeFileSync(state, JSON.stringify({ ...sandbox, rpcUrl: rpc.url, wsUrl: ws.url }));
  const page = await serve({ state, port: 0, indexer: indexer.url });
  return {
    ...{ url: page.url, indexer },
    node: {
      cut: () => (rpc.cut(), ws.cut()),
      mend: () => (rpc.mend(), ws.mend()),
    },
    close: async () => {
      for (const way of [rpc, ws, indexer]) way.close();
      await page.close();
    },
  };
}
