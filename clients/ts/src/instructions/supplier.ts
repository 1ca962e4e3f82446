// Who sends it: the authority, with whoever is to be the supplier.

import type { TransactionSigner } from "@solana/kit";

import type { Addresses } from "../addresses.js";
import { getReplaceSupplierInstruction } from "../generated/market/index.js";

/**
 * Names another supplier, the owner of an open seat, from the first page that is not open and starts after the notice. `events`
 * are those that the market had counted when it looked at tariff and terms: if anything was agreed since, it is refused.
 */
export async function replaceSupplier(
  addresses: Addresses,
  authority: TransactionSigner,
  supplier: TransactionSigner,
  events: bigint,
) {
  const participant = await addresses.participant(supplier.address);
  const { community, market, ledger } = addresses;
  return getReplaceSupplierInstruction({
    ...{ authority, supplier, community, market, participant, ledger, events },
  });
}
