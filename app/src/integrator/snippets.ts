// Programs that run as they are shown, against the market that is shown. `browser/keeper-and-programmer.test.ts` runs each of them.

/** What is filled in. */
export type Place = Readonly<{
  url: string;
  wsUrl: string | undefined;
  market: string;
  /** Base URL of the indexer's API; undefined if nobody keeps one. */
  indexer: string | undefined;
}>;

export const PROGRAMS = ["read", "order", "follow"] as const;
export type ProgramName = (typeof PROGRAMS)[number];

const opened = ({ url, wsUrl, market }: Place, signer: string) => {
  const endpoint = [`url: ${quoted(url)}`, ...(wsUrl ? [`wsUrl: ${quoted(wsUrl)}`] : [])];
  return `const { joulebook: market } = await createClient()
  .use(identity(${signer}))
  .use(connection({ ${endpoint.join(", ")} }))
  .use(joulebook({ market: ${quoted(market)} }));`;
};

const NOBODY = `import { createClient, createNoopSigner } from "@solana/kit";
import { connection, identity, joulebook } from "@joulebook/client";

// Reading needs no key.
const nobody = createNoopSigner("11111111111111111111111111111111");`;

const WRITERS: Readonly<Record<ProgramName, (place: Place) => string>> = {
  read: (place) => `${NOBODY}
${opened(place, "nobody")}

const kWh = (sum) => (sum ? market.showEnergy(sum) : "0");
for (const { start, curves } of await market.openWindows()) {
  const [asked, offered] = [curves.demand[0]?.energy, curves.supply.at(-1)?.energy];
  const time = new Date(Number(start) * 1000).toISOString();
  console.log(\`\${time}: \${kWh(asked)} kWh asked for, \${kWh(offered)} kWh offered\`);
}
`,
  order: (place) => `import { readFileSync } from "node:fs";
import { createClient, createKeyPairSignerFromBytes } from "@solana/kit";
import { connection, identity, joulebook } from "@joulebook/client";

// The key of a household with a seat: node order.mjs KEYFILE
const key = JSON.parse(readFileSync(process.argv[2], "utf8"));
const me = await createKeyPairSignerFromBytes(new Uint8Array(key));

${opened(place, "me")}

const [window] = await market.openWindows();
const { orders } = await market.placeOrders(window.start, [{ buy: "1.5", atMost: "0.21" }]);
console.log(\`bids \${market.showPrice(orders[0].limit)} a kWh\`);
const seat = await market.seat();
console.log(\`free \${market.showMoney(seat.free)}, locked \${market.showMoney(seat.locked)}\`);
`,
  follow: (place) => `${NOBODY}
${opened(place, "nobody")}

// Until Ctrl-C.
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
for await (const news of market.follow({ abortSignal: stop.signal })) {
  if (news.kind === "window") console.log(\`window \${news.window.start}\`);
  if (news.kind === "event") console.log(news.event.kind);
}
`,
};

export function programOf(name: ProgramName, place: Place): string {
  return WRITERS[name](place);
}

/** Questions to the indexer's API; undefined if there is none. */
export function questionsOf({ indexer, market }: Place): string | undefined {
  if (indexer === undefined) return undefined;
  return `# How far it is read, the first windows, prices by the day.
curl "${indexer}/v1/state"
curl "${indexer}/v1/markets/${market}/windows?limit=3"
curl "${indexer}/v1/markets/${market}/prices?step=86400"
`;
}

const quoted = (text: string) => JSON.stringify(text);
