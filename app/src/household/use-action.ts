// Something that is signed and sent, and where it stands.

import type { Receipt, SendOptions } from "@joulebook/client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

import type { SigningStage, StageListener } from "../wallet/signer";
import { useHousehold } from "./context";
import type { Whose } from "./unsettled/kept";
import { leave, listenToRunning, runningOf } from "./unsettled/running";
import { actSettled, whoseOf } from "./unsettled/unsettled";

export type ActionState =
  | Readonly<{ stage: "idle" | "checking" }>
  /** Once it is signed, its signature: it can be looked up while it is on its way. */
  | Readonly<{ stage: SigningStage; signature?: string | undefined }>
  | Readonly<{ stage: "done"; receipt: Receipt | undefined }>
  | Readonly<{ stage: "failed"; error: unknown }>;

type Act = (options: SendOptions) => Promise<Receipt | undefined>;

export type Action = Readonly<{
  state: ActionState;
  /** This one is on its way, or another one of the same wallet. */
  isBusy: boolean;
  /** Whether it was done. `what` says what is signed, for whoever loads the page again before that is settled. */
  run: (what: string, act: Act) => Promise<boolean>;
  /** Forgets how it ended. What is on its way goes on. */
  reset: () => void;
}>;

const isUnderWay = ({ stage }: ActionState) => ["checking", "signing", "sent"].includes(stage);

export function useAction(): Action {
  const { market, stages } = useHousehold();
  const client = useQueryClient();
  const [state, setState] = useState<ActionState>({ stage: "idle" });
  const whose = useMemo(() => whoseOf(market), [market]);
  const running = useSyncExternalStore(listenToRunning, () => runningOf(whose));
  const own = useRef<Whose>(undefined);
  useEffect(() => () => void (own.current && leave(own.current)), []);
  const run = useCallback(
    async (what: string, act: Act) => {
      // One that shows how it goes goes on showing it.
      if (own.current) return false;
      const listener: StageListener = (stage, signature) => setState({ stage, signature });
      const isFirst = runningOf(whose) === undefined;
      if (isFirst) {
        own.current = whose;
        stages.add(listener);
      }
      setState({ stage: "checking" });
      try {
        setState({ stage: "done", receipt: await actSettled(market, what, act) });
        return true;
      } catch (error) {
        setState({ stage: "failed", error });
        return false;
      } finally {
        stages.delete(listener);
        if (isFirst) own.current = undefined;
        void client.invalidateQueries();
      }
    },
    [client, market, stages, whose],
  );
  const reset = useCallback(
    () => setState((now) => (isUnderWay(now) ? now : { stage: "idle" })),
    [],
  );
  return { state, isBusy: isUnderWay(state) || running !== undefined, run, reset };
}
