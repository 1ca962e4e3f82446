// What a household asks the chain and the indexer for.

import {
  associatedTokenAccount,
  market as programs,
  readMeters,
  readSeat,
  registry,
  tokenAmount,
  type MarketHandle,
} from "@joulebook/client";
import { fetchEncodedAccount } from "@solana/kit";
import { useQuery } from "@tanstack/react-query";

import { useIndexer } from "../indexer/context";
import { useHousehold } from "./context";

/** Nobody tells of what the registry changes. */
const REGISTRY_MILLISECONDS = 4_000;

/** Its record in the registry; null if it never applied. */
export function useParticipant() {
  const { market } = useHousehold();
  return useQuery({
    queryKey: ["participant", market.owner],
    queryFn: async () => {
      const { connection, addresses, owner } = market;
      const address = await addresses.participant(owner);
      const account = await registry.fetchMaybeParticipant(connection.rpc, address, {
        commitment: connection.commitment,
      });
      return account.exists ? account.data : null;
    },
    refetchInterval: REGISTRY_MILLISECONDS,
  });
}

/** The number of a participant's seat; undefined while it has none. */
export function seatNumber(participant: registry.Participant | null | undefined) {
  const index = participant?.index;
  return index === undefined || index === registry.NO_INDEX ? undefined : index;
}

/** The seat's row in the ledger; null while it is not open. */
export function useSeat() {
  const { market } = useHousehold();
  const { data: participant } = useParticipant();
  const seat = seatNumber(participant);
  return useQuery({
    queryKey: ["live", "seat", market.owner, seat ?? null],
    queryFn: async () => {
      const { connection, addresses } = market;
      const { data } = await programs.fetchLedger(connection.rpc, addresses.ledger, {
        commitment: connection.commitment,
      });
      const row = data.seats[seat!];
      return row?.status === programs.SeatStatus.Open ? { ...row, number: seat! } : null;
    },
    enabled: seat !== undefined,
  });
}

/** The seat with the reasons of its locks: it reads all books and pages, so only where that is shown. */
export function useLocks() {
  const { market } = useHousehold();
  return useQuery({
    queryKey: ["live", "locks", market.owner],
    queryFn: async () => (await readSeat(market)).locks,
  });
}

/** What lies in the wallet: lamports, and atoms of the market's token. */
export function useWalletMoney() {
  const { market } = useHousehold();
  return useQuery({
    queryKey: ["live", "wallet", market.owner],
    queryFn: () => walletMoney(market),
    refetchInterval: REGISTRY_MILLISECONDS,
  });
}

async function walletMoney({ connection, owner, token }: MarketHandle) {
  const { rpc, commitment } = connection;
  const own = await associatedTokenAccount(owner, token);
  const [{ value: lamports }, account] = await Promise.all([
    rpc.getBalance(owner, { commitment }).send(),
    fetchEncodedAccount(rpc, own, { commitment }),
  ]);
  const atoms = account.exists ? (tokenAmount(account.data) ?? 0n) : 0n;
  return { lamports: BigInt(lamports), atoms };
}

export function useMeters() {
  const { market } = useHousehold();
  const { data: participant } = useParticipant();
  return useQuery({
    queryKey: ["meters", market.owner],
    queryFn: () => readMeters(market),
    enabled: seatNumber(participant) !== undefined,
    refetchInterval: REGISTRY_MILLISECONDS * 5,
  });
}

/** The seat's windows of a time, with the windows themselves. */
export function usePositions(seat: number | undefined, since?: number, until?: number) {
  const indexer = useIndexer();
  return useQuery({
    queryKey: ["live", "positions", seat ?? null, since, until],
    queryFn: async () => {
      const [positions, windows] = await Promise.all([
        indexer!.positions(seat!, since!, until!),
        indexer!.windows(since!, until!),
      ]);
      return { positions, windows };
    },
    enabled:
      indexer !== undefined && seat !== undefined && since !== undefined && until !== undefined,
    placeholderData: (before) => before,
  });
}

/** What the oracle says of the household's meter values, by window, unix seconds; a value for each meter. */
export function useQualities(since?: number, until?: number) {
  const indexer = useIndexer();
  const { data: meters } = useMeters();
  const numbers = meters?.map(({ number }) => number);
  return useQuery({
    queryKey: ["live", "qualities", numbers, since, until],
    queryFn: async () => {
      const told = new Map<number, string[]>();
      for (const number of numbers!)
        for (const { start, quality } of await indexer!.readings(number, since!, until!))
          told.set(start, [...(told.get(start) ?? []), quality]);
      return told;
    },
    enabled:
      indexer !== undefined && numbers !== undefined && since !== undefined && until !== undefined,
    placeholderData: (before) => before,
  });
}
