// Two forms of one household, of which one is on its way.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { ActionNote } from "../../src/household/ActionNote";
import { UnsettledNotice } from "../../src/household/unsettled/UnsettledNotice";
import { useAction } from "../../src/household/use-action";
import { actingOn, newChain } from "./chain";

const WALLETS = [
  "Stake11111111111111111111111111111111111111",
  "SysvarRent111111111111111111111111111111111",
  "SysvarC1ock11111111111111111111111111111111",
];
const { household } = vi.hoisted(() => ({
  household: { market: undefined as unknown, stages: new Set() },
}));
vi.mock("../../src/household/context", () => ({ useHousehold: () => household }));
vi.mock("../../src/chain/market-context", () => ({
  useConfiguration: () => ({ explorer: "https://explorer.example/tx/{signature}" }),
}));
vi.mock("../../src/format/use-formats", () => ({ useFormats: () => ({}) }));

const DEPOSIT = "You deposit 20.00 €";
let [sent, arrive]: [number, () => void] = [] as never;
beforeEach(() => {
  localStorage.clear();
  household.market = actingOn(newChain(), WALLETS.pop()!);
  sent = 0;
});

function Form() {
  const action = useAction();
  const deposit = () => {
    sent++;
    return new Promise<undefined>((done) => (arrive = () => done(undefined)));
  };
  return (
    <>
      <input aria-label="Amount" onChange={action.reset} />
      <button disabled={action.isBusy} onClick={() => void action.run(DEPOSIT, deposit)}>
        Deposit
      </button>
      <ActionNote action={action} done="It is in." />
    </>
  );
}

const page = (forms: readonly string[]) => (
  <QueryClientProvider client={new QueryClient()}>
    <UnsettledNotice />
    {forms.map((form) => (
      <Form key={form} />
    ))}
  </QueryClientProvider>
);
const buttons = () => screen.getAllByRole<HTMLButtonElement>("button");
const areOff = () => buttons().map(({ disabled }) => disabled);

test("given a deposit on its way when something is typed then it stays so, and nothing is sent again", async () => {
  const user = userEvent.setup();
  render(page(["one"]));
  await user.click(buttons()[0]!);
  await user.type(screen.getByLabelText("Amount"), "20");
  expect(screen.getByRole("status").textContent).toBe("Checking whether it can be done");
  expect(areOff()).toEqual([true]);
  await user.click(buttons()[0]!);
  await act(async () => arrive());
  expect(screen.getByText("It is in.")).toBeTruthy();
  expect(areOff()).toEqual([false]);
  expect(sent).toBe(1);
});

test("given a deposit on its way when its form goes and another one comes then it says what is on its way, and sends nothing until it is there", async () => {
  const user = userEvent.setup();
  const { rerender } = render(page(["one", "two"]));
  await user.click(buttons()[0]!);
  expect(areOff()).toEqual([true, true]);
  expect(screen.queryByText("This is on its way.")).toBeNull();
  rerender(page(["three"]));
  expect(screen.getByText("This is on its way.")).toBeTruthy();
  expect(screen.getByText(DEPOSIT)).toBeTruthy();
  expect(areOff()).toEqual([true]);
  await act(async () => arrive());
  expect(screen.queryByText("This is on its way.")).toBeNull();
  expect(areOff()).toEqual([false]);
  expect(sent).toBe(1);
});
