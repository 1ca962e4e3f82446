// The wallets to choose from, by names that are the reader's where the page can say them.

import { render, screen } from "@testing-library/react";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { changeLanguage } from "../src/language";
import { BURNER_NAME } from "../src/wallet/burner";
import { WalletMenu } from "../src/wallet/WalletMenu";

const CHAIN = "solana:localnet";
const account = (address: string, label?: string) => ({
  ...{ address, label, chains: [CHAIN], features: ["solana:signTransaction"] },
});
const OWN = account("Vote111111111111111111111111111111111111111", "New here");
const HOUSE = account("Stake11111111111111111111111111111111111111", "house01");
const burner = { name: BURNER_NAME, icon: "data:,", accounts: [OWN, HOUSE] };
const other = { name: "Some wallet", icon: "data:,", accounts: [] };

vi.mock("@wallet-standard/react", async (original) => ({
  ...(await original<object>()),
  useConnect: () => [false, async () => []],
}));
vi.mock("../src/chain/market-context", () => ({
  useConfiguration: () => ({ cluster: { chain: CHAIN } }),
}));
vi.mock("../src/wallet/context", async (original) => ({
  ...(await original<object>()),
  useWallet: () => ({
    ...{ wallets: [burner, other], elsewhere: [], wallet: burner, account: OWN },
    ...{ passkeys: undefined, choose: () => {}, leave: () => {} },
  }),
}));

const listed = () =>
  screen
    .getAllByRole("button", { hidden: true })
    .map(({ textContent }) => textContent)
    .slice(0, 3);
const accounts = () =>
  screen.getAllByRole("radio", { hidden: true }).map((radio) => radio.getAttribute("aria-label"));

test("given the throw-away wallet when it is listed then by its own name", () => {
  render(<WalletMenu />);
  expect(listed()).toEqual(["New here", BURNER_NAME, "Some wallet"]);
  expect(accounts()).toEqual(["New here, Vote…1111", "house01, Stak…1111"]);
});

describe("in German", () => {
  beforeAll(() => changeLanguage("de"));
  afterAll(() => changeLanguage("en"));

  test("given the throw-away wallet when it is listed then it and the browser's own account are named in German", () => {
    render(<WalletMenu />);
    expect(listed()).toEqual(["Neu hier", "Test-Wallet (zum Wegwerfen)", "Some wallet"]);
    expect(accounts()).toEqual(["Neu hier, Vote…1111", "house01, Stak…1111"]);
  });
});
