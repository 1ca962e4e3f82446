// Something that is signed and sent, and where it stands.

import type { Receipt } from "@joulebook/client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";

import type { SigningStage, StageListener } from "../wallet/signer";
import { useHousehold } from "./context";
import { actSettled } from "./unsettled";

export type ActionState =
  | Readonly<{ stage: "idle" | "checking" }>
  /** Once it is signed, its signature: it can be looked up while it is on its way. */
  | Readonly<{ stage: SigningStage; signature?: string | undefined }>
  | Readonly<{ stage: "done"; receipt: Receipt | undefined }>
  | Readonly<{ stage: "failed"; error: unknown }>;

export type Action = Readonly<{
  state: ActionState;
  isBusy: boolean;
  /** Whether it was done. */
  run: (act: () => Promise<Receipt | undefined>) => Promise<boolean>;
  reset: () => void;
}>;

export function useAction(): Action {
  const { market, stages } = useHousehold();
  const client = useQueryClient();
  const [state, setState] = useState<ActionState>({ stage: "idle" });
  const isBusy = ["checking", "signing", "sent"].includes(state.stage);
  const run = useCallback(
    async (act: () => Promise<Receipt | undefined>) => {
      const listener: StageListener = (stage, signature) => setState({ stage, signature });
      stages.add(listener);
      setState({ stage: "checking" });
      try {
        setState({ stage: "done", receipt: await actSettled(market, act) });
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
