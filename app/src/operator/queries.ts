// What an operator looks at: applicants, meters, and what is owed.

import { market as programs, meterNumber, oracle, registry } from "@joulebook/client";
import {
  getBase58Decoder,
  getBase64Decoder,
  getBase64Encoder,
  type Base58EncodedBytes,
  type Base64EncodedBytes,
} from "@solana/kit";
import { useQuery } from "@tanstack/react-query";

import { useMarket } from "../chain/market-context";
import { useIndexer } from "../indexer/context";

/** In a participant's account. */
const COMMUNITY_AT = 8n;
const STATUS_AT = 152n;
const MILLISECONDS = 5_000;

/** Those who have applied, the earliest first. */
export function useApplicants() {
  const { connection, addresses } = useMarket();
  return useQuery({
    queryKey: ["applicants", addresses.community],
    queryFn: async () => {
      const discriminator = getBase64Decoder().decode(registry.PARTICIPANT_DISCRIMINATOR);
      const applied = new Uint8Array([registry.ParticipantStatus.Applied]);
      const filters = [
        memcmp(0n, discriminator as Base64EncodedBytes),
        {
          memcmp: {
            ...{ offset: COMMUNITY_AT, encoding: "base58" as const },
            bytes: addresses.community as string as Base58EncodedBytes,
          },
        },
        {
          memcmp: {
            ...{ offset: STATUS_AT, encoding: "base58" as const },
            bytes: getBase58Decoder().decode(applied) as Base58EncodedBytes,
          },
        },
      ];
      const found = await connection.rpc
        .getProgramAccounts(registry.REGISTRY_PROGRAM_ADDRESS, {
          ...{ encoding: "base64", commitment: connection.commitment, filters },
        })
        .send();
      const decoder = registry.getParticipantDecoder();
      return found
        .map(({ account }) => decoder.decode(getBase64Encoder().encode(account.data[0])))
        .sort((one, other) => Number(one.appliedAt - other.appliedAt));
    },
    refetchInterval: MILLISECONDS,
  });
}

const memcmp = (offset: bigint, bytes: Base64EncodedBytes) => ({
  memcmp: { offset, encoding: "base64" as const, bytes },
});

/** All meters, with their numbers. */
export function useAllMeters() {
  const { connection, parameters } = useMarket();
  return useQuery({
    queryKey: ["live", "meters", parameters.meterTable],
    queryFn: async () => {
      const { data } = await oracle.fetchMeterTable(connection.rpc, parameters.meterTable);
      return data.meters
        .slice(0, data.count)
        .map((meter, row) => ({ ...meter, number: meterNumber(row, meter) }));
    },
  });
}

/** What seats and suppliers owe each other, and what was earned in fees, milli-atoms. */
export function useOwed() {
  const { connection, addresses } = useMarket();
  return useQuery({
    queryKey: ["live", "owed", addresses.ledger],
    queryFn: async () => {
      const { data } = await programs.fetchLedger(connection.rpc, addresses.ledger);
      const owing = data.seats.flatMap((seat) => seat.owing);
      return {
        debts: owing.reduce((sum, { debt }) => sum + debt, 0n),
        claims: owing.reduce((sum, { claim }) => sum + claim, 0n),
        fees: data.fees,
      };
    },
  });
}

export function useConservation() {
  const indexer = useIndexer();
  return useQuery({
    queryKey: ["conservation"],
    queryFn: () => indexer!.conservation(),
    enabled: indexer !== undefined,
    refetchInterval: MILLISECONDS * 6,
  });
}
