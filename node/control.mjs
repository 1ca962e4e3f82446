// What whoever started the node tells it, line by line.

import { createInterface } from "node:readline";

/** `speed FACTOR` changes the clock's; `ended` is called when nobody is there any more who could say something. */
export function listen(input, clock, ended) {
  const lines = createInterface({ input });
  lines.on("line", (line) => {
    const speed = /^speed (\d+(?:\.\d+)?)$/.exec(line.trim());
    if (speed && Number(speed[1]) >= 1 && Number(speed[1]) <= 3600)
      clock.setSpeed(Number(speed[1]));
    else console.error(`node: ${JSON.stringify(line)} means nothing; say "speed FACTOR"`);
  });
  lines.on("close", ended);
}
