import { createHmac } from "node:crypto";

import {
  address,
  appendTransactionMessageInstructions,
  assertIsFullySignedTransaction,
  blockhash,
  compileTransaction,
  createNoopSigner,
  createTransactionMessage,
  getAddressFromPublicKey,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
} from "@solana/kit";
import type { Wallet } from "@wallet-standard/base";
import { StandardConnect, type StandardConnectFeature } from "@wallet-standard/features";
import {
  getOrCreateUiWalletAccountForStandardWalletAccount_DO_NOT_USE_OR_YOU_WILL_BE_FIRED as accountOf,
  getOrCreateUiWalletForStandardWallet_DO_NOT_USE_OR_YOU_WILL_BE_FIRED as uiWalletOf,
} from "@wallet-standard/ui-registry";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { NoSecretError } from "../src/wallet/passkey/credential";
import { keysOf } from "../src/wallet/passkey/keys";
import { namedAddress, passkeySupport } from "../src/wallet/passkey/support";
import {
  OtherPasskeyError,
  PasskeyAccounts,
  registerPasskeyWallet,
  type PasskeyAccountsFeature,
} from "../src/wallet/passkey/wallet";
import { NotSignedError, walletSigner } from "../src/wallet/signer";

/** A device that keeps passkeys: each has a secret of its own, and gives what it makes of a purpose. */
class Device {
  readonly kept: Uint8Array[] = [];
  /** Which one its owner takes when it is asked for any. */
  chosen = 0;
  says: "when made" | "when asked" | "never" = "when made";
  asked: (Uint8Array | undefined)[] = [];

  create = async ({ publicKey }: CredentialCreationOptions) => {
    this.kept.push(crypto.getRandomValues(new Uint8Array(16)));
    const id = this.kept.at(-1)!;
    if (this.says === "never") return this.#credential(id, {});
    if (this.says === "when asked") return this.#credential(id, { enabled: true });
    return this.#credential(id, { enabled: true, results: this.#results(id, publicKey!) });
  };

  get = async ({ publicKey }: CredentialRequestOptions) => {
    const [wanted] = publicKey!.allowCredentials ?? [];
    this.asked.push(wanted && new Uint8Array(wanted.id as ArrayBuffer));
    const id = wanted
      ? this.kept.find((each) => String(each) === String(new Uint8Array(wanted.id as ArrayBuffer)))
      : this.kept[this.chosen];
    if (!id) throw new DOMException("there is none", "NotAllowedError");
    return this.#credential(
      id,
      this.says === "never" ? {} : { results: this.#results(id, publicKey!) },
    );
  };

  #results(
    id: Uint8Array,
    { extensions }: { extensions?: AuthenticationExtensionsClientInputs },
  ): AuthenticationExtensionsPRFValues {
    const purpose = new Uint8Array(extensions!.prf!.eval!.first as ArrayBuffer);
    const made = createHmac("sha256", id).update(purpose).digest();
    return { first: new Uint8Array(made).buffer };
  }

  #credential(id: Uint8Array, prf: AuthenticationExtensionsPRFOutputs) {
    return { rawId: id.slice().buffer, getClientExtensionResults: () => ({ prf }) };
  }
}

let device: Device;
beforeEach(() => {
  device = new Device();
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("PublicKeyCredential", {});
  vi.stubGlobal("location", { hostname: "market.example", href: "https://market.example/trade" });
  Object.defineProperty(navigator, "credentials", { value: device, configurable: true });
});
afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

function opened() {
  let opened: Wallet | undefined;
  const hear = (event: Event) =>
    (event as unknown as { detail: (api: { register: (wallet: Wallet) => void }) => void }).detail({
      register: (wallet) => (opened = wallet),
    });
  window.addEventListener("wallet-standard:register-wallet", hear);
  registerPasskeyWallet("solana:devnet");
  window.removeEventListener("wallet-standard:register-wallet", hear);
  const wallet = opened!;
  uiWalletOf(wallet);
  const features = wallet.features as StandardConnectFeature & PasskeyAccountsFeature;
  return {
    wallet,
    passkeys: features[PasskeyAccounts],
    connect: features[StandardConnect].connect,
  };
}

const signerOf = (wallet: Wallet) =>
  walletSigner(accountOf(wallet, wallet.accounts[0]!), "solana:devnet", () => {});

function transactionOf(payer: string) {
  return compileTransaction(
    pipe(
      createTransactionMessage({ version: 0 }),
      (message) => setTransactionMessageFeePayerSigner(createNoopSigner(address(payer)), message),
      (message) =>
        setTransactionMessageLifetimeUsingBlockhash(
          { blockhash: blockhash("11111111111111111111111111111111"), lastValidBlockHeight: 9n },
          message,
        ),
      (message) => appendTransactionMessageInstructions([], message),
    ),
  );
}

describe("a passkey's account", () => {
  test("given a secret when keys are made of it then those that another implementation makes, and the secret is wiped", async () => {
    const secret = Uint8Array.from({ length: 32 }, (_, at) => at);
    const { publicKey, privateKey } = await keysOf(secret, "market.example");
    const bytes = Buffer.from(await crypto.subtle.exportKey("raw", publicKey)).toString("hex");
    // By HKDF and Ed25519 of OpenSSL, from the same 32 bytes.
    expect(bytes).toBe("fcee47694f94889c65621e799f67d469098b0907e66c5b7cb37f6259e7338d69");
    expect(privateKey.extractable).toBe(false);
    expect([...secret].every((byte) => byte === 0)).toBe(true);
  });

  test("given another site when keys are made of the same secret then others", async () => {
    const of = async (site: string) =>
      getAddressFromPublicKey((await keysOf(new Uint8Array(32).fill(7), site)).publicKey);
    expect(await of("market.example")).not.toBe(await of("other.example"));
  });

  test("given a passkey that was made when the browser forgets all and it is found again then the same account", async () => {
    const { passkeys } = opened();
    const made = await passkeys.make("Joulebook");
    localStorage.clear();
    const again = opened();
    expect(await again.passkeys.find()).toBe(made);
    expect(again.wallet.accounts.map(({ address }) => address)).toEqual([made]);
  });

  test("given a device that tells the secret only when asked when a passkey is made then it is asked at once", async () => {
    device.says = "when asked";
    const made = await opened().passkeys.make("Joulebook");
    expect(device.asked).toEqual([device.kept[0]]);
    expect(made).toBe(await opened().passkeys.find());
  });

  test("given a device without secrets when a passkey is made then it says so, and no account is remembered", async () => {
    device.says = "never";
    const { wallet, passkeys } = opened();
    await expect(passkeys.make("Joulebook")).rejects.toThrow(NoSecretError);
    expect(wallet.accounts).toEqual([]);
    expect(localStorage.length).toBe(0);
  });

  test("given a passkey of before when the page connects silently then nobody is asked", async () => {
    const made = await opened().passkeys.make("Joulebook");
    device.asked = [];
    const { accounts } = await opened().connect({ silent: true });
    expect(accounts.map(({ address }) => address)).toEqual([made]);
    expect(device.asked).toEqual([]);
  });

  test("given no passkey of before when the page connects silently then no account, and nobody is asked", async () => {
    expect((await opened().connect({ silent: true })).accounts).toEqual([]);
    expect(device.asked).toEqual([]);
  });

  test("given what this page has not written when read then no passkey is known", () => {
    for (const text of ["null", "{", "7", '{"id":7}', '{"id":"AA==","address":"no address"}']) {
      localStorage.setItem("joulebook.passkey", text);
      expect(opened().passkeys.known()).toBeUndefined();
    }
  });

  test("given a transaction when it is to be signed then this passkey is asked for, and the transaction is whole", async () => {
    const { wallet, passkeys } = opened();
    await passkeys.make("Joulebook");
    device.asked = [];
    const signer = signerOf(wallet);
    const transactions = [transactionOf(signer.address)] as never;
    const [signed] = await signer.modifyAndSignTransactions(transactions);
    expect(() => assertIsFullySignedTransaction(signed!)).not.toThrow();
    expect(device.asked).toEqual([device.kept[0]]);
  });

  test("given another passkey that answers when a transaction is to be signed then nothing is signed", async () => {
    const { wallet, passkeys } = opened();
    await passkeys.make("Joulebook");
    const signer = signerOf(wallet);
    // The browser has forgotten which one it was, and its owner takes a wrong one.
    localStorage.clear();
    device.kept.push(new Uint8Array(16));
    device.chosen = 1;
    const asked = signer.modifyAndSignTransactions([transactionOf(signer.address)] as never);
    await expect(asked).rejects.toThrow(NotSignedError);
    await expect(asked).rejects.toMatchObject({ cause: expect.any(OtherPasskeyError) });
  });
});

describe("whether there can be passkeys", () => {
  test("given a browser of today under a name when asked then yes", async () => {
    expect(await passkeySupport()).toBe("yes");
  });

  test("given a browser without passkeys when asked then it is the browser", async () => {
    vi.stubGlobal("PublicKeyCredential", undefined);
    expect(await passkeySupport()).toBe("browser");
  });

  test("given a browser that says it gives no secrets when asked then it is the browser", async () => {
    const getClientCapabilities = async () => ({ "extension:prf": false });
    vi.stubGlobal("PublicKeyCredential", { getClientCapabilities });
    expect(await passkeySupport()).toBe("browser");
  });

  test.each(["127.0.0.1", "[::1]"])(
    "given this machine as %s when asked then it is the address, and a name is told",
    async (hostname) => {
      vi.stubGlobal("location", { hostname, href: `http://${hostname}:8080/trade` });
      expect(await passkeySupport()).toBe("address");
      expect(namedAddress()).toBe("http://localhost:8080/trade");
    },
  );

  test("given a page without encryption when asked then it is the address, and there is no other", async () => {
    vi.stubGlobal("isSecureContext", false);
    expect(await passkeySupport()).toBe("address");
    expect(namedAddress()).toBeUndefined();
  });
});
