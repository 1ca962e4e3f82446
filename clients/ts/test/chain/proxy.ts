// A way to the node that can be cut.

import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export class Proxy {
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(
    readonly url: string,
    readonly close: () => void,
    sockets: Set<Socket>,
  ) {
    this.#sockets = sockets;
  }

  /** To a websocket of this machine. */
  static async to(url: string): Promise<Proxy> {
    const sockets = new Set<Socket>();
    let proxy: Proxy;
    const server = createServer((incoming) => {
      if (proxy.#isCut) return void incoming.destroy();
      const outgoing = connect(Number(new URL(url).port), "127.0.0.1");
      for (const [socket, other] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ] as const) {
        sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => other.destroy());
        socket.pipe(other);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const close = () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    };
    proxy = new Proxy(`ws://127.0.0.1:${port}`, close, sockets);
    return proxy;
  }

  cut() {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#isCut = false;
  }
}
