// From a wallet to a place in the market: which steps are done, and which one is next.

import { registry } from "@joulebook/client";

export const STEPS = ["pay", "apply", "approval", "seat", "meter"] as const;
export type StepName = (typeof STEPS)[number];
export type StepState = "done" | "now" | "later";

const { Applied, Active, Suspended } = registry.ParticipantStatus;

/** One step is next, the first that is not done. */
export function stepsOf(of: {
  lamports: bigint;
  participant: Pick<registry.Participant, "status" | "index"> | null;
  meters: number;
}): Readonly<Record<StepName, StepState>> {
  const { lamports, participant, meters } = of;
  const status = participant?.status;
  const hasApplied = status === Applied || status === Active || status === Suspended;
  const isIn = status === Active && participant?.index !== registry.NO_INDEX;
  const isDone: Record<StepName, boolean> = {
    ...{ pay: lamports > 0n, apply: hasApplied, approval: isIn, seat: false, meter: meters > 0 },
  };
  const next = STEPS.find((step) => !isDone[step]);
  const states = STEPS.map((step) => [
    step,
    isDone[step] ? "done" : step === next ? "now" : "later",
  ]);
  return Object.fromEntries(states) as Record<StepName, StepState>;
}
