// Wallets of the wallet standard that do not what one hopes for.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { getBase58Decoder } from "@solana/kit";
import type { BrowserContext } from "playwright-core";

import type { Market } from "./market-of-this-machine";

/** A household's key, as the sandbox keeps it: 64 bytes, the public half last. */
export function keyOf(market: Market, name: string): Uint8Array {
  const { households } = JSON.parse(readFileSync(join(market.folder, "sandbox.json"), "utf8")) as {
    households: { name: string; key: string }[];
  };
  const { key } = households.find((household) => household.name === name)!;
  return new Uint8Array(JSON.parse(readFileSync(join(market.folder, key), "utf8")) as number[]);
}

/** Puts a wallet into each page of a context: it has one account, and says no to whatever it is to sign. */
export async function addRefusingWallet(
  context: BrowserContext,
  { name, chain, key }: Readonly<{ name: string; chain: string; key: Uint8Array }>,
) {
  const publicKey = key.slice(32);
  const address = getBase58Decoder().decode(publicKey);
  await context.addInitScript(
    ({ name, chain, address, publicKey }) => {
      const features = ["solana:signTransaction"];
      const account = {
        ...{ address, chains: [chain], features },
        publicKey: new Uint8Array(publicKey),
      };
      const wallet = {
        ...{ version: "1.0.0", name, chains: [chain], accounts: [account] },
        icon: "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=",
        features: {
          "standard:connect": { version: "1.0.0", connect: async () => ({ accounts: [account] }) },
          "standard:events": { version: "1.0.0", on: () => () => {} },
          "solana:signTransaction": {
            ...{ version: "1.0.0", supportedTransactionVersions: ["legacy", 0] },
            signTransaction: async () => {
              throw new Error("User rejected the request.");
            },
          },
        },
      };
      type Api = { register: (wallet: unknown) => void };
      const register = (api: Api) => api.register(wallet);
      window.addEventListener("wallet-standard:app-ready", (event) =>
        register((event as CustomEvent<Api>).detail),
      );
      window.dispatchEvent(
        new CustomEvent("wallet-standard:register-wallet", { detail: register }),
      );
    },
    { name, chain, address, publicKey: [...publicKey] },
  );
}
