// Says what happens in a market, until it is told to stop.

import { market as programs, type MarketClient } from "@joulebook/client";

export async function followAMarket(
  market: MarketClient,
  abortSignal: AbortSignal,
  say: (line: string) => void,
) {
  for await (const news of market.follow({ abortSignal })) {
    switch (news.kind) {
      case "window": {
        const { start, phase, curves, clearing } = news.window;
        const asked = curves.demand[0]?.energy;
        const given = curves.supply.at(-1)?.energy;
        const energy = (sum: typeof asked) => (sum ? market.showEnergy(sum) : "0");
        say(
          `${start} ${programs.Phase[phase]}: ${energy(asked)} kWh asked, ${energy(given)} given`,
        );
        if (clearing) say(`${start} trades at ${market.showPrice(clearing.price)}`);
        break;
      }
      case "event":
        say(`${news.event.kind}`);
        break;
      case "gap":
        say(`${news.gap.until - news.gap.from} events were missed`);
        break;
      case "interrupted":
        say("the connection broke, and is made anew");
    }
  }
}
