import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { NoSecretError } from "../src/wallet/passkey/credential";
import { NoPasskeys, PasskeyChoice } from "../src/wallet/PasskeyChoice";

const { passkeys } = vi.hoisted(() => ({
  passkeys: { known: vi.fn(), make: vi.fn(), find: vi.fn() },
}));
vi.mock("@wallet-standard/react", () => ({ getWalletFeature: () => passkeys }));

const wallet = { name: "Passkey", icon: "data:," } as never;
const KNOWN = "Stake11111111111111111111111111111111111111";

beforeEach(() => {
  passkeys.known.mockReturnValue(undefined);
  passkeys.make.mockResolvedValue("made");
  passkeys.find.mockResolvedValue("found");
});
afterEach(() => vi.resetAllMocks());

function shown(current?: string) {
  const onConnected = vi.fn();
  render(<PasskeyChoice wallet={wallet} current={current} onConnected={onConnected} />);
  return onConnected;
}
const buttons = () => screen.getAllByRole("button").map(({ textContent }) => textContent);

test("given nobody who was here when the choice is shown then a passkey is made or found", async () => {
  const onConnected = shown();
  expect(buttons()).toEqual(["Make a passkey", "I have one"]);
  await userEvent.click(screen.getByRole("button", { name: "I have one" }));
  expect(onConnected).toHaveBeenCalledWith("found");
  await userEvent.click(screen.getByRole("button", { name: "Make a passkey" }));
  expect(onConnected).toHaveBeenLastCalledWith("made");
  expect(passkeys.make.mock.calls[0]![0]).toMatch(/^Joulebook, /);
});

test("given somebody who was here when the choice is shown then it goes on with that account, without a question", async () => {
  passkeys.known.mockReturnValue(KNOWN);
  const onConnected = shown();
  await userEvent.click(screen.getByRole("button", { name: "Go on with Stak…1111" }));
  expect(onConnected).toHaveBeenCalledWith(KNOWN);
  expect(passkeys.find).not.toHaveBeenCalled();
});

test("given the account that is connected when the choice is shown then only others are offered", () => {
  passkeys.known.mockReturnValue(KNOWN);
  shown(KNOWN);
  expect(buttons()).toEqual(["Another passkey", "Make a new one"]);
});

test("given a device whose passkeys have no secret when one is made then what to do", async () => {
  passkeys.make.mockRejectedValue(new NoSecretError("none"));
  const onConnected = shown();
  await userEvent.click(screen.getByRole("button", { name: "Make a passkey" }));
  expect(screen.getByRole("alert").textContent).toContain("take another wallet");
  expect(onConnected).not.toHaveBeenCalled();
});

test("given an owner who says no when asked then nothing has happened, and it can be tried again", async () => {
  passkeys.find.mockRejectedValue(new DOMException("no", "NotAllowedError"));
  shown();
  await userEvent.click(screen.getByRole("button", { name: "I have one" }));
  expect(screen.getByRole("alert").textContent).toContain("Nothing has happened.");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "I have one" }).disabled).toBe(
    false,
  );
});

test("given an older browser when the choice can't be shown then a sentence leads to other wallets", () => {
  render(<NoPasskeys support="browser" />);
  expect(screen.getByText(/Take a newer browser, or another wallet./)).toBeTruthy();
});
