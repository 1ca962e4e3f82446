// Administrative acts, out of what transactions have reported: who did what, to whom, and why.

import { registry, type PastTransaction, type ProgramEvent } from "@joulebook/client";
import { unwrapOption } from "@solana/kit";

import { reasonName } from "../meters/reasons";
import { suspensionReasonName } from "../participants/reasons";

/** What was done; each has a text under `desk.audit.act`. */
export const ACTS = [
  "ParticipantApproved",
  "ParticipantSuspended",
  "ParticipantReinstated",
  "ParticipantLeft",
  "ParticipantClosed",
  "RolesChanged",
  "MembershipChanged",
  "PauseChanged",
  "ApprovalsChanged",
  "AuthorityProposed",
  "AuthorityChanged",
  "ZoneChanged",
  "MeterRegistered",
  "MeterQuarantined",
  "MeterRestored",
  "MeterRetired",
  "PowerLimitsChanged",
  "StandardDrawChanged",
  "DeviceChanged",
  "ValuesReplaced",
  "PricesPosted",
  "TermsChanged",
  "TariffChanged",
  "SupplierReplaced",
  "FeesWithdrawn",
] as const;
export type ActName = (typeof ACTS)[number];

export type Act = Readonly<{
  signature: string;
  slot: bigint;
  name: ActName;
  /** Whose wallet signed for it. */
  by: string;
  /** A participant's wallet. */
  wallet: string | undefined;
  /** A meter's number. */
  meter: number | undefined;
  /** The name of a reason, or its number where it is of another list. */
  reason: string | undefined;
  /** What was written beside it. */
  memos: readonly string[];
}>;

/** Whose acts are meant: events of other communities that the same wallet serves are none of theirs. */
export type Community = Readonly<{ community: string; meterTable: string; market: string }>;

export function actsIn(transaction: PastTransaction, of: Community): Act[] {
  const { signature, slot, signers, memos, events } = transaction;
  return events
    .filter((event) => isOf(event, of))
    .flatMap((event): Act[] => {
      const name = nameOf(event);
      if (!name) return [];
      const data = event.data as Readonly<Record<string, unknown>>;
      return [
        {
          ...{ signature, slot, name, memos },
          by: actorOf(event) ?? signers[0] ?? "",
          wallet: typeof data.wallet === "string" ? data.wallet : undefined,
          meter: typeof data.meter === "number" ? data.meter : undefined,
          reason: reasonOf(event),
        },
      ];
    });
}

function isOf({ data }: ProgramEvent, of: Community): boolean {
  const names = ["community", "meterTable", "market"] as const;
  return names.some((name) => name in data && (data as Partial<Community>)[name] === of[name]);
}

function actorOf({ data }: ProgramEvent): string | undefined {
  if (!("actor" in data)) return undefined;
  const { actor } = data;
  return typeof actor === "string" ? actor : (unwrapOption(actor) ?? undefined);
}

function nameOf(event: ProgramEvent): ActName | undefined {
  if (event.kind === "ParticipantStatusChanged")
    return event.data.status === registry.ParticipantStatus.Suspended
      ? "ParticipantSuspended"
      : "ParticipantReinstated";
  // What the oracle does by itself is nobody's act.
  if (event.kind === "MeterQuarantined" && unwrapOption(event.data.actor) === null)
    return undefined;
  return ACTS.find((name) => name === event.kind);
}

function reasonOf(event: ProgramEvent): string | undefined {
  if (event.kind === "MeterQuarantined")
    return reasonName(event.data.reason) ?? String(event.data.reason);
  if (event.kind === "ParticipantStatusChanged" && event.data.reason !== 0)
    return suspensionReasonName(event.data.reason) ?? String(event.data.reason);
  return undefined;
}
