// Who acts and pays in a client of kit.

import { extendClient, type TransactionSigner } from "@solana/kit";

/** Adds `payer` and `identity`: one signer for both, or one that pays for the other. */
export function identity(who: TransactionSigner, payer: TransactionSigner = who) {
  return <Client extends object>(client: Client) => extendClient(client, { identity: who, payer });
}
