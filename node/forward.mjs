// Fixed ports: Surfpool chooses its own, so bytes are passed on to it.

import { createServer, connect } from "node:net";

import { Fault } from "./fault.mjs";

/** Passes connections to a port of loopback on to a URL. Gives the port, and what closes it. */
export async function forward(port, url, option) {
  const target = Number(new URL(url).port);
  const sockets = new Set();
  const server = createServer((incoming) => {
    const outgoing = connect(target, "127.0.0.1");
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.pipe(other);
      // Whichever end goes first takes the other with it.
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise((resolve, reject) => {
    server.once("error", (error) => reject(refusal(error, port, option)));
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: server.address().port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function refusal(error, port, option) {
  if (error.code === "EADDRINUSE")
    return new Fault(
      `port ${port} is in use; stop what uses it, or pass another one with ${option}`,
    );
  if (error.code === "EACCES")
    return new Fault(`port ${port} is not allowed; pass one above 1023 with ${option}`);
  return error;
}
