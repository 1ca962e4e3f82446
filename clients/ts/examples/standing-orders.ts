// Buys every evening up to a price, and whatever else happens no more than 2 kWh and 1 token a day.

import { market as programs, type MarketClient } from "@joulebook/client";

/** Half hours from 18:00 to 22:00, a bit for each. */
const EVENING = ((1n << 8n) - 1n) << 36n;

export async function standingOrders(market: MarketClient, say: (line: string) => void) {
  await market.setStandingOrders([
    {
      place: 0,
      order: {
        ...{ buy: "0.25", atMost: "0.22" },
        // A kWh with the grid's fee and the market's may lock no more than this, whatever prices are posted.
        unitLock: "0.25",
        daily: { energy: "2", locks: "1" },
        when: { halfHours: EVENING },
      },
    },
  ]);
  for (const { place, rule, outcome } of await market.standingOrders())
    say(`${place}: up to ${market.showPrice(rule.limit)}, ${programs.StandingOutcome[outcome]}`);
  await market.setStandingOrders([{ place: 0, order: null }]);
}
