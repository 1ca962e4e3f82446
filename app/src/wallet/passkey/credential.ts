// A passkey, made and asked for its secret. The secret comes out of the device's own keystore (WebAuthn's extension "prf"): the
// same one whenever the same passkey is asked for the same purpose, and only once its owner was verified.

/** Another purpose would be given another secret. Whoever changes this changes all accounts. */
const PURPOSE = bytesOf("joulebook wallet, version 1");
/** Of COSE: EdDSA, ES256, RS256. What a passkey signs is looked at by nobody; its secret is what counts. */
const ALGORITHMS = [-8, -7, -257];

export type Passkey = Readonly<{
  /** Of the credential. */
  id: Uint8Array<ArrayBuffer>;
  /** 32 bytes, this passkey's and this site's alone. */
  secret: Uint8Array<ArrayBuffer>;
}>;

/** The browser, or what keeps its passkeys, has no secret to give. */
export class NoSecretError extends Error {
  override readonly name = "NoSecretError";
}

/** Makes a passkey, and asks for its secret. `name` is what its owner reads among other passkeys. */
export async function makePasskey(name: string): Promise<Passkey> {
  const made = await navigator.credentials.create({
    publicKey: {
      rp: { name: "Joulebook" },
      user: { id: randomBytes(), name, displayName: name },
      challenge: randomBytes(),
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
      // It can be found without knowing its id: nothing else has to be kept.
      authenticatorSelection: {
        ...{ residentKey: "required", requireResidentKey: true, userVerification: "required" },
      },
      extensions: { prf: { eval: { first: PURPOSE } } },
    },
  });
  const { rawId, told } = answerOf(made);
  const id = new Uint8Array(rawId);
  if (told?.results) return { id, secret: secretOf(told) };
  if (!told?.enabled) throw new NoSecretError("this passkey has no secret to give");
  // Many give it only when they are asked, not when they are made.
  return askPasskey(id);
}

/** Asks the passkey with this id, or lets its owner choose one of this site's. */
export async function askPasskey(id?: Uint8Array<ArrayBuffer>): Promise<Passkey> {
  const asked = await navigator.credentials.get({
    publicKey: {
      challenge: randomBytes(),
      userVerification: "required",
      ...(id && { allowCredentials: [{ type: "public-key", id }] }),
      extensions: { prf: { eval: { first: PURPOSE } } },
    },
  });
  const { rawId, told } = answerOf(asked);
  return { id: new Uint8Array(rawId), secret: secretOf(told) };
}

function answerOf(credential: Credential | null) {
  if (!credential) throw new Error("the browser gave no passkey");
  const { rawId, getClientExtensionResults } = credential as PublicKeyCredential;
  return { rawId, told: getClientExtensionResults.call(credential).prf };
}

function secretOf(told: AuthenticationExtensionsPRFOutputs | undefined): Uint8Array<ArrayBuffer> {
  const first = told?.results?.first;
  if (!first || first.byteLength !== 32)
    throw new NoSecretError("this passkey has no secret to give");
  return "buffer" in first
    ? new Uint8Array(first.buffer as ArrayBuffer, first.byteOffset, first.byteLength)
    : new Uint8Array(first);
}

function randomBytes(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(32));
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
