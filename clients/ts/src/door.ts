// Who signs for a program that money is held for.

import { getAddressEncoder, getProgramDerivedAddress, type Address } from "@solana/kit";

/** The address that signs for `program`, which alone can, when it releases and captures what is held for it. */
export async function programSigner(marketAddress: Address, program: Address): Promise<Address> {
  const seeds = ["joulebook", getAddressEncoder().encode(marketAddress)];
  const [signer] = await getProgramDerivedAddress({ programAddress: program, seeds });
  return signer;
}
