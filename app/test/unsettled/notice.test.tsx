// What a household reads of what it signed before the page was loaded.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { keep } from "../../src/household/unsettled/kept";
import { UnsettledNotice } from "../../src/household/unsettled/UnsettledNotice";
import { whoseOf, type Acting } from "../../src/household/unsettled/unsettled";
import { actingOn, newChain, pending, type Chain } from "./chain";

const WALLETS = [
  "Vote111111111111111111111111111111111111111",
  "BPFLoaderUpgradeab1e11111111111111111111111",
  "Stake11111111111111111111111111111111111111",
  "SysvarRent111111111111111111111111111111111",
  "SysvarC1ock11111111111111111111111111111111",
];
const { household } = vi.hoisted(() => ({ household: { market: undefined as unknown } }));
vi.mock("../../src/household/context", () => ({ useHousehold: () => household }));
vi.mock("../../src/chain/market-context", () => ({
  useConfiguration: () => ({ explorer: "https://explorer.example/tx/{signature}" }),
}));

const ORDER = "You buy up to 0.5 kWh from your neighbours";
let [acting, chain]: [Acting, Chain] = [] as never;
beforeEach(() => {
  localStorage.clear();
  chain = newChain();
  // Each has its own: the page remembers what it has read.
  acting = actingOn(chain, WALLETS.pop()!);
  household.market = acting;
  keep(whoseOf(acting), { pending, what: ORDER, signedAt: Date.now() });
});

const page = () => (
  <QueryClientProvider client={new QueryClient()}>
    <UnsettledNotice />
  </QueryClientProvider>
);
const show = () => render(page());

test("given an order signed before the page was loaded when it lands then it says what it waits for, what came of it, and goes once it is read", async () => {
  const user = userEvent.setup();
  show();
  expect(screen.getByText("You signed this, and it is not settled yet.")).toBeTruthy();
  expect(screen.getByText(ORDER)).toBeTruthy();
  expect(screen.getByRole("link", { name: /transaction/i }).getAttribute("href")).toContain(
    pending.signature,
  );
  expect(screen.queryByRole("button")).toBeNull();
  chain.landed = true;
  await screen.findByText("It went through.");
  await user.click(screen.getByRole("button", { name: `Got it: ${ORDER}` }));
  expect(screen.queryByText(ORDER)).toBeNull();
  expect(localStorage.length).toBe(0);
});

test("given one that can't land any more when it is looked up then it says that nothing has happened", async () => {
  chain.height = 101n;
  show();
  await screen.findByText("It did not go through.");
  expect(screen.getByRole("alert").textContent).toContain("Do it again if you still want it.");
});

test("given an endpoint with a short ledger when one of long ago is looked up then it says that nobody knows", async () => {
  chain.height = 10_000n;
  chain.firstBlock = 41n;
  show();
  await screen.findByText("Nobody knows any more whether it went through.");
  expect(screen.getByRole("alert").textContent).toContain("Look at your orders and your money");
});

test("given a browser whose storage is full when a household is about to sign then it says what that means", async () => {
  const words = "This browser keeps nothing for this page.";
  chain.landed = true;
  const { rerender, container } = render(page());
  await screen.findByText("It went through.");
  expect(container.textContent).not.toContain(words);
  vi.stubGlobal("localStorage", {
    getItem: () => null,
    removeItem: () => {},
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  });
  try {
    rerender(page());
    expect(container.textContent).toContain(words);
  } finally {
    vi.unstubAllGlobals();
  }
});

test("given an endpoint that is silent for a while when it is back then it is asked again", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 100 });
  try {
    chain.isSilent = true;
    show();
    await vi.waitFor(() => expect(chain.asked).toBeGreaterThan(0));
    chain.isSilent = false;
    chain.landed = true;
    expect(await screen.findByText("It went through.", {}, { timeout: 10_000 })).toBeTruthy();
  } finally {
    vi.useRealTimers();
  }
});
