// Something that is signed and sent, and where it stands.

import type { Receipt, SendOptions } from "@joulebook/client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";

import type { SigningStage, StageListener } from "../wallet/signer";
import { useHousehold } from "./context";
import { actSettled } from "./unsettled/unsettled";

export type ActionState =
  | Readonly<{ stage: "idle" | "checking" }>
  /** Once it is signed, its signature: it can be looked up while it is on its way. */
  | Readonly<{ stage: SigningStage; signature?: string | undefined }>
  | Readonly<{ stage: "done"; receipt: Receipt | undefined }>
  | Readonly<{ stage: "failed"; error: unknown }>;

type Act = (options: SendOptions) => Promise<Receipt | undefined>;

export type Action = Readonly<{
  state: ActionState;
  isBusy: boolean;
  /** Whether it was done. `what` says what is signed, for whoever loads the page again before that is settled. */
  run: (what: string, act: Act) => Promise<boolean>;
  reset: () => void;
}>;

export function useAction(): Action {
  const { market, stages } = useHousehold();
  const client = useQueryClient();
  const [state, setState] = useState<ActionState>({ stage: "idle" });
  const isBusy = ["checking", "signing", "sent"].includes(state.stage);
  const run = useCallback(
    async (what: string, act: Act) => {
      const listener: StageListener = (stage, signature) => setState({ stage, signature });
      stages.add(listener);
      setState({ stage: "checking" });
      try {
        setState({ stage: "done", receipt: await actSettled(market, what, act) });
        return true;
      } catch (error) {
        setState({ stage: "failed", error });
        return false;
      } finally {
        stages.delete(listener);
        void client.invalidateQueries();
      }
    },
    [client, market, stages],
  );
  const reset = useCallback(() => setState({ stage: "idle" }), []);
  return { state, isBusy, run, reset };
}
