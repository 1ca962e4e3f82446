// What is shown when something does not work: the reason, what to do, and as much of the rest as there is.

import { UnreachableError, WrongClusterError } from "@joulebook/client";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { beforeEach, expect, test, vi } from "vitest";

import { explained } from "../src/household/explain";
import { Guard } from "../src/household/Guard";
import { useParticipant, useSeat } from "../src/household/queries";
import { Boundary } from "../src/ui/Boundary";
import { loaded, PartError } from "../src/ui/lazy-page";
import { isUsable } from "../src/wallet/context";

vi.mock("../src/wallet/context", async (original) => ({
  ...(await original<object>()),
  useWallet: () => ({ account: { address: "WALLET" } }),
}));
vi.mock("../src/household/context", () => ({
  HouseholdProvider: ({ children }: { children: unknown }) => children,
}));
vi.mock("../src/household/StartPage", () => ({ StartPage: () => <p>first steps</p> }));
vi.mock("../src/household/FeeNotice", () => ({ FeeNotice: () => null }));
vi.mock("../src/household/unsettled/UnsettledNotice", () => ({ UnsettledNotice: () => null }));
vi.mock("../src/household/queries");

/** As a query is after an answer, or after an error. */
const answered = <Data,>(data: Data) => ({ data, error: null, isPending: false, isLoading: false });
const failed = (error: Error) => ({ ...answered(undefined), error });

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

test("given a part that fails when it is shown then it says so, and comes back when it is tried again", async () => {
  let isBroken = true;
  const Part = () => {
    if (isBroken) throw new Error("no such price");
    return <p>the market</p>;
  };
  render(
    <Boundary>
      <Part />
    </Boundary>,
  );
  expect(screen.getByRole("alert").textContent).toContain("This part of the page has failed.");
  expect(screen.getByRole("alert").textContent).toContain("no such price");
  isBroken = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(screen.getByText("the market")).toBeTruthy();
});

test("given a page that fails when another one is gone to then that one is shown", () => {
  const Broken = () => {
    throw new Error("no such price");
  };
  const { rerender } = render(
    <Boundary of="/today">
      <Broken />
    </Boundary>,
  );
  expect(screen.getByRole("alert")).toBeTruthy();
  rerender(
    <Boundary of="/market">
      <p>the market</p>
    </Boundary>,
  );
  expect(screen.getByText("the market")).toBeTruthy();
});

test("given a part that comes through at the third try when it is loaded then it is there", async () => {
  let tries = 0;
  const load = async () => {
    if (++tries < 3) throw new TypeError("Failed to fetch dynamically imported module");
    return "part";
  };
  expect(await loaded(load, 1)).toBe("part");
  expect(tries).toBe(3);
});

test("given a part that is not there any more when it is loaded then the page is to be loaded anew", async () => {
  const gone = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
  const error: unknown = await loaded(gone, 1).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(PartError);
  const Part = () => {
    throw error;
  };
  render(
    <Boundary>
      <Part />
    </Boundary>,
  );
  expect(screen.getByRole("button", { name: "Load the page anew" })).toBeTruthy();
});

test("given a chain that does not answer when a household's page is asked for then it is not taken for a newcomer's", () => {
  const away = failed(new UnreachableError("http://127.0.0.1:8899/", undefined));
  vi.mocked(useParticipant).mockReturnValue(away as never);
  vi.mocked(useSeat).mockReturnValue(answered(undefined) as never);
  render(<Guard page={() => <p>today</p>} />);
  expect(screen.getByRole("alert").textContent).toContain(
    "What you have here can’t be read at the moment.",
  );
  expect(screen.queryByText("first steps")).toBeNull();
});

test("given a seat that was read before when the chain does not answer any more then the page stays", () => {
  const away = new UnreachableError("http://127.0.0.1:8899/", undefined);
  vi.mocked(useParticipant).mockReturnValue({ ...answered({ index: 3 }), error: away } as never);
  vi.mocked(useSeat).mockReturnValue({ ...answered({ number: 3 }), error: away } as never);
  render(<Guard page={() => <p>today</p>} />);
  expect(screen.getByText("today")).toBeTruthy();
});

test("given a wallet that never applied when its page is asked for then it gets the first steps", () => {
  vi.mocked(useParticipant).mockReturnValue(answered(null) as never);
  vi.mocked(useSeat).mockReturnValue(answered(undefined) as never);
  render(<Guard page={() => <p>today</p>} />);
  expect(screen.getByText("first steps")).toBeTruthy();
});

test("given another chain than the market's when explained then nothing is to be signed", () => {
  const { title, text } = explained(new WrongClusterError("HASH", "OTHER"), i18next.t);
  expect(title).toBe("The chain that answers is not the market’s.");
  expect(text).toContain("Do not sign anything.");
});

test.each([
  [["solana:localnet"], ["solana:signTransaction"], true],
  [["solana:mainnet"], ["solana:signTransaction"], false],
  [["solana:localnet"], ["solana:signMessage"], false],
])("given an account of %j that can %j when it is to sign here then %s", (chains, features, is) => {
  expect(isUsable({ chains, features } as never, "solana:localnet")).toBe(is);
});
