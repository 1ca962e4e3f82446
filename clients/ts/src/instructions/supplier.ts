// Who sends it: the authority, with whoever is to be the supplier.

import type { TransactionSigner } from "@solana/kit";

import type { Addresses } from "../addresses.js";
import { getReplaceSupplierInstruction } from "../generated/market/index.js";

/** Names another supplier, the owner of an open seat, from the first page that is not open and starts after the notice. */
export async function replaceSupplier(
  addresses: Addresses,
  authority: TransactionSigner,
  supplier: TransactionSigner,
) {
  const participant = await addresses.participant(supplier.address);
  const { community, market, ledger } = addresses;
  return getReplaceSupplierInstruction({
    ...{ authority, supplier, community, market, participant, ledger },
  });
}
