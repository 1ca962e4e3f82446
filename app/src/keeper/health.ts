// What daemons say of themselves.

export type Health = Readonly<{
  /** Undefined if it can't be reached. */
  isHealthy: boolean | undefined;
  /** By part: "ok", or what is wrong. */
  parts: readonly (readonly [string, string])[];
  /** Of HTTP, of an answer that is none of a daemon's; undefined if there was no answer. */
  status?: number;
}>;

/** How long an answer is waited for, milliseconds. */
const PATIENCE = 8_000;

/** Does not throw: what can't be reached is told as that. */
export async function readHealth(address: string): Promise<Health> {
  let status: number | undefined;
  try {
    const answer = await fetch(address, {
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    status = answer.status;
    return healthOf(await answer.json()) ?? unreachable(status);
  } catch {
    return unreachable(status);
  }
}

const unreachable = (status: number | undefined): Health => ({
  ...{ isHealthy: undefined, parts: [] },
  ...(status !== undefined && { status }),
});

/** Undefined for what is no report of a daemon's. */
export function healthOf(report: unknown): Health | undefined {
  const { healthy, parts } = (report ?? {}) as { healthy?: unknown; parts?: unknown };
  if (typeof healthy !== "boolean" || typeof parts !== "object" || parts === null) return undefined;
  const words = Object.entries(parts).map(([part, word]) => [part, String(word)] as const);
  return { isHealthy: healthy, parts: words };
}
