// A small community, from nothing to a market with seats: the same steps as sim/src/founding, as transactions.

import {
  blockhash,
  generateKeyPairSigner,
  getAddressDecoder,
  getBlockhashEncoder,
  type Address,
  type Instruction,
  type KeyPairSigner,
} from "@solana/kit";
import { getCreateAccountInstruction } from "@solana-program/system";
import {
  findAssociatedTokenPda,
  getCreateAssociatedTokenIdempotentInstruction,
  getInitializeMint2Instruction,
  getMintSize,
  getMintToInstruction,
  TOKEN_PROGRAM_ADDRESS,
} from "@solana-program/token";

import {
  Addresses,
  atoms,
  instructions,
  market,
  milliAtoms,
  oracle,
  price,
  registry,
  watts,
  wh,
  whSum,
  type Rings,
} from "../../src/index.js";

export type Household = Readonly<{
  name: string;
  wallet: KeyPairSigner;
  tokens: Address;
  seat: number;
  /** Of its meter. */
  device: CryptoKeyPair;
  meter: number;
}>;

export type Community = Readonly<{
  addresses: Addresses;
  authority: KeyPairSigner;
  supplier: KeyPairSigner;
  households: readonly Household[];
}>;

/** One transaction after the other; each signer is in its instructions. */
export type Send = (transactions: readonly (readonly Instruction[])[]) => Promise<void>;

export const RINGS: Rings = { market: 0, windowSeconds: 300, pageWindows: 4, books: 8, pages: 6 };
const SEATS = 16;
export const DECIMALS = 6;
const NO_PREFERENCES = { localPremium: 0, sources: 0, reserved: 0 };
const ROLES = registry.ROLE_CONSUMER | registry.ROLE_PRODUCER;
const NOBODY = getAddressDecoder().decode(new Uint8Array(32));

const terms = {
  keeperReward: milliAtoms(0),
  ...{ horizon: 900, gateLead: 60, meteringGrace: 600 },
  ...{ floorPrice: price(50_000), tickSize: 2_000, minQuantity: wh(1), gridFee: price(20_000) },
  ...{ utcOffset: 3600, holidays: Array<number>(16).fill(0), minLock: price(1), feeBps: 100 },
  ...{ maxSilent: 12, drawAfter: 12, reserved: new Uint8Array(6) },
};

/**
 * Founds a community of so many households, each with 1,000 tokens in its wallet. `authority` pays for everything, and needs SOL;
 * so do the wallets that `fund` is called with.
 */
export async function found(
  send: Send,
  authority: KeyPairSigner,
  genesisHash: string,
  count: number,
  fund: (wallets: readonly Address[]) => Promise<void>,
): Promise<Community> {
  const mint = await generateKeyPairSigner();
  const names = Array.from({ length: count }, (_, place) => `household ${place + 1}`);
  const wallets = await Promise.all(names.map(() => generateKeyPairSigner(true)));
  const [supplier, gridOperator] = await Promise.all([
    generateKeyPairSigner(),
    generateKeyPairSigner(),
  ]);
  const members = [supplier, gridOperator, ...wallets];
  await fund(members.map(({ address }) => address));

  const [community] = await registry.findCommunityPda({ founder: authority.address, id: 1n });
  const addresses = await Addresses.of(community, mint.address, TOKEN_PROGRAM_ADDRESS, RINGS);
  const cluster = getBlockhashEncoder().encode(blockhash(genesisHash));
  await send([
    [
      getCreateAccountInstruction({
        ...{ payer: authority, newAccount: mint, programAddress: TOKEN_PROGRAM_ADDRESS },
        ...{ lamports: 10_000_000n, space: getMintSize() },
      }),
      getInitializeMint2Instruction({
        ...{ mint: mint.address, decimals: DECIMALS, mintAuthority: authority.address },
      }),
    ],
    [
      await registry.getCreateCommunityInstructionAsync({
        ...{ founder: authority, quoteMint: mint.address, id: 1n },
        ...{ name: "Sonnenhof", zones: ["feeder 1"] },
      }),
    ],
    ...(await Promise.all(members.map((wallet) => admission(addresses, authority, wallet)))),
    ...(await meterTable(addresses, authority, cluster)),
    ...(await marketAccounts(addresses, authority, supplier, gridOperator)),
    ...(await Promise.all(
      members.map(async (wallet) => [await instructions.openSeat(addresses, wallet)]),
    )),
  ]);

  const households: Household[] = [];
  for (const [place, wallet] of wallets.entries()) {
    const device = (await crypto.subtle.generateKey("Ed25519", true, [
      "sign",
      "verify",
    ])) as CryptoKeyPair;
    const [tokens] = await findAssociatedTokenPda({
      ...{ owner: wallet.address, mint: mint.address, tokenProgram: TOKEN_PROGRAM_ADDRESS },
    });
    households.push({
      ...{ name: names[place]!, wallet, tokens, device },
      ...{ seat: place + 2, meter: place },
    });
    const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", device.publicKey));
    await send([
      [
        getCreateAssociatedTokenIdempotentInstruction({
          ...{ payer: authority, owner: wallet.address, mint: mint.address, ata: tokens },
        }),
        getMintToInstruction({
          ...{ mint: mint.address, token: tokens, mintAuthority: authority },
          amount: 1_000n * 10n ** BigInt(DECIMALS),
        }),
      ],
      [
        oracle.getRegisterMeterInstruction({
          ...{ actor: authority, community, meterTable: addresses.meterTable },
          ...{ owner: await addresses.participant(wallet.address), ownerWallet: wallet },
          details: {
            ...{ device: publicKey, keyKind: oracle.KeyKind.Ed25519, zone: 0 },
            ...{ assetKind: oracle.AssetKind.Mixed, source: oracle.EnergySource.Sun },
            ...{ maxImport: watts(100_000), maxExport: watts(100_000), standardDraw: wh(0) },
            ...{ import: whSum(0), export: whSum(0) },
          },
        }),
      ],
    ]);
  }
  return { addresses, authority, supplier, households };
}

/** A deposit of each household, tokens. */
export async function deposits({ addresses, households }: Community, send: Send, whole: bigint) {
  const amount = atoms(whole * 10n ** BigInt(DECIMALS));
  await send(
    households.map(({ wallet, tokens, seat }) => [
      instructions.deposit(addresses, wallet, tokens, seat, amount),
    ]),
  );
}

/** Opens the page of a time, as a keeper does. */
export async function openPage(addresses: Addresses, time: bigint): Promise<Instruction> {
  const { market: marketAddress, ledger, meterTable } = addresses;
  const [page, intervalPage] = await Promise.all([
    addresses.page(time),
    addresses.intervalPage(time),
  ]);
  return market.getOpenPageInstruction({
    ...{ market: marketAddress, ledger, meterTable, page, intervalPage },
  });
}

/** Opens the window that starts at `start`. */
export async function openWindow(addresses: Addresses, start: bigint): Promise<Instruction> {
  const { market: marketAddress, meterTable } = addresses;
  const [page, book] = await Promise.all([addresses.page(start), addresses.book(start)]);
  return market.getOpenWindowInstruction({ market: marketAddress, meterTable, page, book, start });
}

/** Clears and allocates it, once its gate has closed. */
export async function clearWindow(addresses: Addresses, start: bigint): Promise<Instruction[]> {
  const [page, book] = await Promise.all([addresses.page(start), addresses.book(start)]);
  const { ledger } = addresses;
  return [
    market.getClearInstruction({ book }),
    market.getAllocateInstruction({ ledger, page, book, limit: 64, rewardSeat: null }),
  ];
}

async function admission(addresses: Addresses, authority: KeyPairSigner, wallet: KeyPairSigner) {
  const { community } = addresses;
  const participant = await addresses.participant(wallet.address);
  const application = {
    zone: 0,
    balancingGroup: 0,
    identityHash: new Uint8Array(32),
    roles: ROLES,
  };
  return [
    registry.getApplyInstruction({
      ...{ wallet, community, participant, ...application, preferences: NO_PREFERENCES },
    }),
    registry.getApproveInstruction({ actor: authority, community, participant, ...application }),
  ];
}

async function meterTable(
  { community, meterTable, market: settlement }: Addresses,
  authority: KeyPairSigner,
  cluster: ReturnType<ReturnType<typeof getBlockhashEncoder>["encode"]>,
): Promise<Instruction[][]> {
  const create = await oracle.getCreateMeterTableInstructionAsync({
    ...{ authority, community },
    params: {
      ...{ intervalSeconds: RINGS.windowSeconds, pageIntervals: RINGS.pageWindows },
      ...{ ring: RINGS.pages, capacity: SEATS, readingSeconds: 600, correctionSeconds: 1200 },
      ...{ powerCap: watts(0xffff_ffff), violationLimit: 3, cluster },
    },
  });
  const settle = oracle.getSetSettlementInstruction({
    ...{ authority, community, meterTable, settlement: NOBODY, newSettlement: settlement },
  });
  const slots = Array.from({ length: RINGS.pages }, (_, slot) => slot);
  const pages = slots.map(async (slot) => [
    await oracle.getCreatePageInstructionAsync({ authority, community, meterTable, slot }),
  ]);
  return [[create], [settle], ...(await Promise.all(pages))];
}

async function marketAccounts(
  addresses: Addresses,
  authority: KeyPairSigner,
  supplier: KeyPairSigner,
  gridOperator: KeyPairSigner,
): Promise<Instruction[][]> {
  const { community, meterTable, market: address } = addresses;
  const own = { authority, community, market: address };
  const create = await market.getCreateMarketInstructionAsync({
    ...{ authority, community, meterTable, quoteMint: addresses.quoteMint },
    supplier: await addresses.participant(supplier.address),
    gridOperator: await addresses.participant(gridOperator.address),
    ...{ number: RINGS.market, windowSeconds: RINGS.windowSeconds, books: RINGS.books },
    ...{ seats: SEATS, orders: 64, ticks: 128, history: 16, maxOrdersPerSeat: 8, roomPerSeat: 0 },
    ...{ nodes: market.NODES, rule: market.RULE_UNIFORM_PRICE, noticeSeconds: 0 },
    ...{ lowestPrice: price(-10_000_000), highestPrice: price(10_000_000) },
    ...{ highestGridFee: price(1_000_000), supplierMargin: milliAtoms(0), terms },
    tariff: { short: price(300_000), long: price(80_000) },
  });
  const tables = [
    await market.getCreateLedgerInstructionAsync(own),
    await market.getCreateHistoryInstructionAsync(own),
    await market.getCreateStandingOrdersInstructionAsync(own),
  ];
  // The longest row of all: standing orders of these seats need one step more.
  const grow = () =>
    market.getGrowTableInstruction({ payer: authority, table: addresses.standingOrders });
  const books = Array.from({ length: RINGS.books }, async (_, slot) => [
    await market.getCreateBookInstructionAsync({ ...own, slot }),
  ]);
  const pages = Array.from({ length: RINGS.pages }, async (_, slot) => [
    await market.getCreatePageInstructionAsync({ ...own, slot }),
  ]);
  return [[create], tables, [grow(), grow(), grow()], ...(await Promise.all([...books, ...pages]))];
}
