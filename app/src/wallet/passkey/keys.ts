// The keys of an account, from a passkey's secret. Nothing of it is stored: they are worked out anew for each signature.

import { createKeyPairFromPrivateKeyBytes } from "@solana/kit";

import { bytesOf } from "./credential";

/** Whoever changes these changes all accounts. */
const SALT = bytesOf("joulebook passkey wallet");
const infoOf = (site: string) => bytesOf(`ed25519 key, version 1, ${site}`);

/** Of `site`, the host name that the passkey belongs to. The secret is wiped; the private key can't be taken out of the browser. */
export async function keysOf(
  secret: Uint8Array<ArrayBuffer>,
  site: string,
): Promise<CryptoKeyPair> {
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  secret.fill(0);
  const how = { name: "HKDF", hash: "SHA-256", salt: SALT, info: infoOf(site) };
  const seed = new Uint8Array(await crypto.subtle.deriveBits(how, material, 256));
  try {
    return await createKeyPairFromPrivateKeyBytes(seed);
  } finally {
    seed.fill(0);
  }
}
