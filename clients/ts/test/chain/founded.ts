// A founded community on a chain of this process, with open windows.

import { generateKeyPairSigner, type Instruction } from "@solana/kit";

import { market, openMarket, sendInstructions, type ConnectionOptions } from "../../src/index.js";
import {
  clearWindow,
  deposits,
  found,
  openPage,
  openWindow,
  RINGS,
  type Community,
  type Household,
  type Send,
} from "./founding.js";
import { LocalChain } from "./litesvm.js";

export async function foundLocally(households = 3) {
  const chain = new LocalChain();
  const authority = await generateKeyPairSigner();
  chain.fund(authority.address);
  const connection = chain.connection(authority, { maxPriorityFee: 0n });
  const send: Send = async (transactions) => {
    for (const each of transactions) await sendInstructions(connection, each);
  };
  const community = await found(send, authority, chain.genesisHash, households, async (wallets) => {
    for (const wallet of wallets) chain.fund(wallet);
  });
  await deposits(community, send, 100n);
  const start = await openWindows(chain, community, send);
  return new LocalCommunity(chain, community, send, start);
}

/** Opens pages and the windows that may be open; gives the start of the first that takes orders. */
async function openWindows(chain: LocalChain, { addresses }: Community, send: Send) {
  // A meter is in service from the page after its registration, so go there.
  const page = BigInt(addresses.pageSeconds);
  const first = addresses.pageStart(chain.time) + page;
  const opening: Instruction[] = [];
  opening.push(await openPage(addresses, first - page));
  await send(opening.map((each) => [each]));
  chain.setTime(first - 400n);
  await send([[await openPage(addresses, first)], [await openWindow(addresses, first)]]);
  chain.setTime(first - 350n);
  await send([[await openWindow(addresses, first + 300n)]]);
  return first;
}

export class LocalCommunity {
  constructor(
    readonly chain: LocalChain,
    readonly community: Community,
    readonly send: Send,
    /** Of the first open window. The next one is open as well. */
    readonly start: bigint,
  ) {}

  household(place = 0): Household {
    return this.community.households[place]!;
  }

  async openPage(time: bigint) {
    await this.send([[await openPage(this.community.addresses, time)]]);
  }

  async openWindow(start: bigint) {
    this.chain.setTime(start - 400n);
    await this.send([[await openWindow(this.community.addresses, start)]]);
  }

  /** Waits for the gate of a window, and clears it. */
  async clear(start: bigint) {
    this.chain.setTime(start - 60n);
    const [clear] = await clearWindow(this.community.addresses, start);
    await this.send([[clear!]]);
  }

  /** The same, and gives orders their fills. */
  async close(start: bigint) {
    this.chain.setTime(start - 60n);
    await this.send([await clearWindow(this.community.addresses, start)]);
  }

  /** Puts a window into the history, where the program would. */
  record(row: market.HistoryRecordArgs) {
    const { svm } = this.chain;
    const account = svm.getAccount(this.community.addresses.history);
    if (!account.exists) throw new Error("there is no history");
    const bytes = market.getHistoryRecordEncoder().encode(row);
    const { length } = market.getHistoryDecoder().decode(account.data).records;
    const place = (Number(row.start) / RINGS.windowSeconds) % length;
    const data = new Uint8Array(account.data);
    data.set(bytes, data.length - (length - place) * bytes.length);
    svm.setAccount({ ...account, data } as never);
  }

  /** The market, with a household as trader. */
  open(place = 0, options: ConnectionOptions = {}) {
    const { wallet } = this.household(place);
    const connection = this.chain.connection(wallet, options);
    return openMarket(connection, this.community.addresses.market, { maxClockLag: 10_000 });
  }
}
