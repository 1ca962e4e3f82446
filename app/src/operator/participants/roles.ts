// Roles of participants, by their names.

import { registry } from "@joulebook/client";

export const ROLES = [
  ["consumer", registry.ROLE_CONSUMER],
  ["producer", registry.ROLE_PRODUCER],
  ["storage", registry.ROLE_STORAGE],
  ["gateway", registry.ROLE_GATEWAY],
  ["verifier", registry.ROLE_VERIFIER],
  ["auditor", registry.ROLE_AUDITOR],
  ["operator", registry.ROLE_OPERATOR],
  ["emergency", registry.ROLE_EMERGENCY],
] as const;

/** What the authority alone grants: an office, and no household's role. */
const PRIVILEGED = ["verifier", "auditor", "operator", "emergency"] as const;

export const rolesIn = (bits: number) =>
  ROLES.filter(([, bit]) => (bits & bit) !== 0).map(([name]) => name);

export const privilegedIn = (bits: number) =>
  PRIVILEGED.filter((name) => rolesIn(bits).includes(name));
