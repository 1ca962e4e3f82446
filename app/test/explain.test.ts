import { EmptyWalletError, RefusedError, WrongClusterError } from "@joulebook/client";
import { address } from "@solana/kit";
import i18next from "i18next";
import { expect, test } from "vitest";

import { OtherChainError } from "../src/chain/chain-name";
import { explained } from "../src/household/explain";
import { changeLanguage } from "../src/language";
import { NotSignedError } from "../src/wallet/signer";

const refusal = (reason: string, message: string) =>
  new RefusedError(reason, message, "market", 6200, []);

test("given a common refusal when explained then in the reader's language, with what to do", async () => {
  await changeLanguage("de");
  expect(explained(refusal("GateClosed", "The gate has closed"), i18next.t).text).toBe(
    "Für dieses Fenster ist Annahmeschluss. Wähle ein späteres.",
  );
  await changeLanguage("en");
});

test("given a rare refusal when explained then in the program's own words", () => {
  const words = "There is no such slot; pass one below the ring's length";
  expect(explained(refusal("NoSuchSlot", words), i18next.t).text).toBe(words);
});

test("given a wallet that did not sign when explained then nothing was sent", () => {
  expect(explained(new NotSignedError("no"), i18next.t).text).toContain("Nothing was sent.");
});

test("given an empty wallet when explained then what is missing", () => {
  const wallet = address("11111111111111111111111111111111");
  const { title } = explained(new EmptyWalletError(wallet, "tokens"), i18next.t);
  expect(title).toBe("There is less money in your wallet than that.");
});

test("given an endpoint of another chain when explained then nothing is to be signed, whoever noticed it", () => {
  const told = (error: unknown) => explained(error, i18next.t);
  const noticed = told(new OtherChainError("cluster.chain is solana:localnet"));
  expect(noticed).toEqual(told(new WrongClusterError("one", "another")));
  expect(noticed.text).toContain("Do not sign anything.");
});
