// Which offices a wallet holds in the community, and so whether it may sit at the desk.

import { market as programs, registry, type instructions } from "@joulebook/client";
import type { Address, TransactionSigner } from "@solana/kit";
import { address } from "@solana/kit";
import { useQuery } from "@tanstack/react-query";

import { useMarketState } from "../chain/market-context";
import { useCommunity } from "../market/community";
import { useWallet } from "../wallet/context";

export const OFFICES = ["authority", "operator", "verifier", "emergency", "supplier"] as const;
export type Office = (typeof OFFICES)[number];

/** What a wallet is in the community. */
export type Access = Readonly<{
  wallet: Address;
  offices: readonly Office[];
  /** Its own participant, if it has an active one. */
  participant: Address | undefined;
  /** Its number in the community, whose meters it may not decide about. */
  index: number | undefined;
}>;

/** Roles that are an office. */
export const OFFICE_ROLES = {
  operator: registry.ROLE_OPERATOR,
  verifier: registry.ROLE_VERIFIER,
  emergency: registry.ROLE_EMERGENCY,
} as const;

/** The offices of a participant; none unless it is active. */
export function officesOf({ status, roles }: Pick<registry.Participant, "status" | "roles">) {
  const isActive = status === registry.ParticipantStatus.Active;
  const names = Object.keys(OFFICE_ROLES) as (keyof typeof OFFICE_ROLES)[];
  return isActive ? names.filter((name) => (roles & OFFICE_ROLES[name]) !== 0) : [];
}

/** Undefined for whoever has no office, and before that is known. */
export function useAccess(): Access | undefined {
  const { market } = useMarketState();
  const { account } = useWallet();
  const { data: community } = useCommunity();
  const wallet = account?.address;
  const { data } = useQuery({
    queryKey: ["offices", market?.addresses.community, wallet],
    queryFn: async () => {
      const { connection, addresses } = market!;
      const participant = await addresses.participant(address(wallet!));
      const [found, ledger] = await Promise.all([
        registry.fetchMaybeParticipant(connection.rpc, participant),
        programs.fetchLedger(connection.rpc, addresses.ledger),
      ]);
      if (!found.exists) return null;
      const { index, status } = found.data;
      const { suppliers, supplying, seats } = ledger.data;
      const isSupplier =
        suppliers[supplying]?.seat === index && seats[index]?.owner === (wallet as string);
      const isActive = status === registry.ParticipantStatus.Active;
      const offices: Office[] = [
        ...officesOf(found.data),
        ...(isSupplier ? (["supplier"] as const) : []),
      ];
      return { offices, index, participant: isActive ? participant : undefined };
    },
    enabled: market !== undefined && wallet !== undefined,
    refetchInterval: 30_000,
  });
  if (wallet === undefined) return undefined;
  const offices: Office[] = [
    ...(community?.authority === wallet ? (["authority"] as const) : []),
    ...(data?.offices ?? []),
  ];
  if (offices.length === 0) return undefined;
  return {
    ...{ wallet: address(wallet), offices },
    ...{ participant: data?.participant, index: data?.index },
  };
}

export function useHasOffice(): boolean {
  return useAccess() !== undefined;
}

/** As whom the wallet acts: the authority as itself, others as the participant that has the role. */
export function actorOf(
  { offices, participant }: Access,
  signer: TransactionSigner,
): instructions.Actor {
  return { signer, acting: offices.includes("authority") ? undefined : participant };
}
