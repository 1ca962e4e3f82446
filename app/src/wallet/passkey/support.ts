// Whether a passkey can hold an account's key here.

/** `browser`: it is too old, or its owner has switched something off. `address`: the page's address is none that a passkey can have. */
export type PasskeySupport = "yes" | "browser" | "address";

export async function passkeySupport(): Promise<PasskeySupport> {
  if (!isSecureContext || isNumeric(location.hostname)) return "address";
  if (typeof PublicKeyCredential === "undefined" || !navigator.credentials) return "browser";
  if (!(await signsEd25519())) return "browser";
  // A browser that does not say is asked when a passkey is made.
  const told = await PublicKeyCredential.getClientCapabilities?.().catch(() => undefined);
  return told?.["extension:prf"] === false ? "browser" : "yes";
}

/** The same page under a name that passkeys can have: on this machine. */
export function namedAddress(): string | undefined {
  const { hostname, href } = location;
  if (hostname !== "127.0.0.1" && hostname !== "[::1]") return undefined;
  const url = new URL(href);
  url.hostname = "localhost";
  return url.href;
}

/** An address of the network and no name. */
function isNumeric(host: string): boolean {
  return host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host);
}

async function signsEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}
