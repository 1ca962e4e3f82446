// Instructions, sent and confirmed.

import type { Instruction } from "@solana/kit";

import { buildTransaction } from "./build.js";
import type { Connection, SendOptions } from "./connection.js";
import { sendAndConfirm } from "./fate.js";
import { receiptOf, type Receipt } from "./receipt.js";

/**
 * Sends the instructions in one transaction and waits until it has landed. It is signed once: after an ExpiredError it has not
 * happened and may be called again, after a FateUnknownError only once {@link finalFateOf} has said that it has not landed.
 */
export async function sendInstructions(
  connection: Connection,
  instructions: readonly Instruction[],
  options: SendOptions = {},
): Promise<Receipt> {
  const built = await buildTransaction(connection, instructions, options);
  const slot = await sendAndConfirm(connection, built, options);
  return receiptOf(connection, built.signature, slot);
}
