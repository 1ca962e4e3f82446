// What an office may do, as the programs decide it: known before anything is signed, so that the page can say why not.

import { registry } from "@joulebook/client";

import type { Access, Office } from "./access";

/** Why something is not to be done; undefined if it is. Each has a text under `desk.not`. */
export type Refused =
  | "operatorOnly"
  | "noApprovals"
  | "paused"
  | "authorityOnly"
  | "quarantineOnly"
  | "verifierOnly"
  | "ownMeter"
  | "keyCopied"
  | "supplierOnly";

const isOne = ({ offices }: Access, ...allowed: readonly Office[]) =>
  allowed.some((office) => offices.includes(office));

const PRIVILEGED =
  registry.ROLE_VERIFIER | registry.ROLE_AUDITOR | registry.ROLE_OPERATOR | registry.ROLE_EMERGENCY;

export function mayApprove(
  access: Access,
  community: Readonly<{ approvals: number; isPaused: boolean }>,
  roles: number,
): Refused | undefined {
  if (!isOne(access, "authority", "operator")) return "operatorOnly";
  if (community.isPaused) return "paused";
  if (isOne(access, "authority")) return undefined;
  if ((roles & PRIVILEGED) !== 0) return "authorityOnly";
  return community.approvals === 0 ? "noApprovals" : undefined;
}

/** To suspend a participant with these roles, and to readmit it. */
export function maySuspend(access: Access, roles: number): Refused | undefined {
  if (isOne(access, "authority")) return undefined;
  if (!isOne(access, "operator")) return "operatorOnly";
  return (roles & PRIVILEGED) === 0 ? undefined : "authorityOnly";
}

export function mayQuarantine(access: Access): Refused | undefined {
  return isOne(access, "authority", "verifier", "emergency") ? undefined : "quarantineOnly";
}

export function mayRelease(
  access: Access,
  meter: Readonly<{ participant: number; keyCopied: number }>,
): Refused | undefined {
  if (!isOne(access, "authority", "verifier")) return "verifierOnly";
  if (meter.keyCopied !== 0) return "keyCopied";
  return meter.participant === access.index ? "ownMeter" : undefined;
}

/** To register a meter of this participant, or to retire one. */
export function mayVerify(access: Access, participant: number): Refused | undefined {
  if (!isOne(access, "authority", "verifier")) return "verifierOnly";
  return participant === access.index ? "ownMeter" : undefined;
}

/** To retire a meter without its owner. */
export function mayRetireAlone(access: Access): Refused | undefined {
  return isOne(access, "authority") ? undefined : "authorityOnly";
}

export function mayPost(access: Access): Refused | undefined {
  return isOne(access, "supplier") ? undefined : "supplierOnly";
}
