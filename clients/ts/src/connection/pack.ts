// Which items fit one transaction together.

import {
  appendTransactionMessageInstructions,
  isTransactionMessageWithinSizeLimit,
  pipe,
  setTransactionMessageComputeUnitPrice,
  setTransactionMessageLoadedAccountsDataSizeLimit,
  type Instruction,
} from "@solana/kit";

import { planMessage } from "./build.js";
import type { Connection } from "./connection.js";

/** Items that go together, and the instructions that bring them. */
export type Pack<Item> = Readonly<{ items: readonly Item[]; instructions: readonly Instruction[] }>;

/**
 * Items in as few groups as they fit in their sequence: each group's instructions are one transaction, with all its limits and its
 * fee. An item that fits no transaction alone is in a group of its own.
 */
export async function packed<Item>(
  connection: Connection,
  items: readonly Item[],
  most: number,
  instructions: (group: readonly Item[]) => Promise<readonly Instruction[]>,
): Promise<Pack<Item>[]> {
  const packs: Pack<Item>[] = [];
  for (let from = 0; from < items.length;) {
    let count = 1;
    let group = await instructions(items.slice(from, from + 1));
    while (count < most && from + count < items.length) {
      const larger = await instructions(items.slice(from, from + count + 1));
      if (!fits(connection, larger)) break;
      group = larger;
      count += 1;
    }
    packs.push({ items: items.slice(from, from + count), instructions: group });
    from += count;
  }
  return packs;
}

function fits(connection: Connection, instructions: readonly Instruction[]): boolean {
  const message = pipe(
    planMessage(connection, []),
    (empty) => setTransactionMessageLoadedAccountsDataSizeLimit(1, empty),
    // A fee takes no room of its own in version 1, and only there is it not an instruction.
    (limited) =>
      connection.version === 0 ? setTransactionMessageComputeUnitPrice(1n, limited) : limited,
    (limited) => appendTransactionMessageInstructions(instructions, limited),
  );
  return isTransactionMessageWithinSizeLimit(message);
}
