// Acts that are sent: with the text that says why, and with what has a seat's standing orders know of them.

import {
  instructions,
  MAX_MEMO,
  memo,
  registry,
  sendInstructions,
  type Receipt,
  type SendOptions,
} from "@joulebook/client";
import type { Instruction } from "@solana/kit";

import { useHousehold } from "../household/context";
import { actorOf, type Access } from "./access";

/** What is said of an act beyond what the programs take, in the transaction that does it. */
export const memoFits = (text: string) => new TextEncoder().encode(text.trim()).length <= MAX_MEMO;

export function useSend(access: Access) {
  const { market } = useHousehold();
  const { addresses, connection, trader, parameters } = market;
  return {
    ...{ market, addresses, actor: actorOf(access, trader) },
    send: (
      all: readonly Instruction[],
      { text = "", ...options }: SendOptions & Readonly<{ text?: string }> = {},
    ): Promise<Receipt> =>
      sendInstructions(connection, text.trim() === "" ? all : [...all, memo(text.trim())], options),
    /** Standing orders go by what the market has noted of a participant: in the same transaction, or they would go on as before. */
    review: async ({ wallet, index }: Pick<registry.Participant, "wallet" | "index">) =>
      index !== registry.NO_INDEX && parameters.hasStandingOrders === 1
        ? [await instructions.reviewParticipant(addresses, wallet)]
        : [],
  };
}
