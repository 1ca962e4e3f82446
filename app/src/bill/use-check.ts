// A check that runs: how far it is, what came of it, and an end to it.

import type { ProofProgress } from "@joulebook/client";
import { useEffect, useRef, useState } from "react";

import { useIndexer } from "../indexer/context";
import type { Check } from "./compare";
import type { Period } from "../format/period";
import type { Billed } from "./queries";

export type CheckState =
  | Readonly<{ is: "idle" }>
  | Readonly<{ is: "running"; progress: ProofProgress | undefined }>
  | Readonly<{ is: "done"; check: Check }>
  | Readonly<{ is: "failed"; error: unknown }>;

/** `now` is the chain's, unix seconds. */
export function useCheck(billed: Billed, period: Period, now: number) {
  const indexer = useIndexer();
  const [state, setState] = useState<CheckState>({ is: "idle" });
  const running = useRef<AbortController>(undefined);
  const clock = useRef(now);
  useEffect(() => void (clock.current = now), [now]);
  // Whoever looks at something else has no use for it.
  useEffect(() => () => running.current?.abort(), []);
  const run = async () => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    const show = (next: CheckState) => {
      if (!abort.signal.aborted) setState(next);
    };
    show({ is: "running", progress: undefined });
    try {
      const { checkBill } = await import("./check");
      const check = await checkBill(indexer!, billed, period, {
        now: () => clock.current,
        signal: abort.signal,
        onProgress: (progress) => show({ is: "running", progress }),
      });
      show({ is: "done", check });
    } catch (error) {
      show({ is: "failed", error });
    }
  };
  const cancel = () => {
    running.current?.abort();
    setState({ is: "idle" });
  };
  return { state, run, cancel };
}
