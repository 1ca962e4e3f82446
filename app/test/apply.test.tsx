// The application as it is filled in: what is sent is caught here.

import { registry } from "@joulebook/client";
import { createNoopSigner, address, type Instruction } from "@solana/kit";
import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { Apply } from "../src/household/Apply";
import { RecordCheck } from "../src/operator/participants/RecordCheck";

const WALLET = "Vote111111111111111111111111111111111111111";
const chain = vi.hoisted(() => ({ sent: [] as Instruction[], market: {} as object }));
vi.mock("../src/household/context", () => ({ useHousehold: () => ({ market: chain.market }) }));
vi.mock("../src/household/use-action", () => ({
  useAction: () => ({
    state: { stage: "idle" },
    isBusy: false,
    run: (_: string, act: (options: object) => Promise<unknown>) => act({}),
  }),
}));
vi.mock("../src/chain/market-context", () => ({ useConfiguration: () => ({ explorer: null }) }));
vi.mock("../src/format/use-formats", () => ({ useFormats: () => ({}) }));
vi.mock("../src/market/community", () => ({
  useCommunity: () => ({ data: { zones: ["North"], isPaused: false } }),
}));
vi.mock("@joulebook/client", async (original) => ({
  ...(await original<object>()),
  sendInstructions: async (_: unknown, all: readonly Instruction[]) => chain.sent.push(...all),
}));

beforeEach(() => {
  chain.sent = [];
  chain.market = {
    addresses: { community: "SysvarC1ock11111111111111111111111111111111" },
    trader: createNoopSigner(address(WALLET)),
  };
});

/** The SHA-256 of "abc", as FIPS 180 has it. */
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const FIELD = /^What the operator asked you for/;
const fileOf = (text: string, name: string) => new File([text], name);
const send = () => screen.getByRole<HTMLButtonElement>("button", { name: "Apply" });
const named = () =>
  registry.getApplyInstructionDataDecoder().decode(chain.sent[0]!.data!).identityHash;

test("given the file that the operator asked for when one applies with it then its hash is named, and the desk finds it the same", async () => {
  const user = userEvent.setup();
  const { unmount } = render(<Apply comesBack={false} />);
  await user.upload(screen.getByLabelText(FIELD), fileOf("abc", "lease.pdf"));
  await screen.findByText(ABC);
  await user.click(send());
  await vi.waitFor(() => expect(chain.sent).toHaveLength(1));
  unmount();

  render(<RecordCheck hash={named()} />);
  await user.upload(screen.getByLabelText("The record you hold"), fileOf("abc", "copy.pdf"));
  await screen.findByText("copy.pdf is the record that the application names.");
});

test("given no file, or one that was left out when one applies then no record is named", async () => {
  const user = userEvent.setup();
  render(<Apply comesBack={false} />);
  const field = screen.getByLabelText<HTMLInputElement>(FIELD);
  await user.upload(field, fileOf("abc", "lease.pdf"));
  await user.click(await screen.findByRole("button", { name: "Leave it out" }));
  expect([field.files?.length, document.activeElement]).toEqual([0, field]);
  await user.click(send());
  await vi.waitFor(() => expect(chain.sent).toHaveLength(1));
  expect(named()).toEqual(new Uint8Array(32));
});

test("given a file that can't be read when it is picked then that is told, and nothing is applied for before it is left out", async () => {
  const user = userEvent.setup();
  render(<Apply comesBack={false} />);
  const gone = fileOf("abc", "gone.pdf");
  gone.arrayBuffer = async () => Promise.reject(new Error("moved"));
  await user.upload(screen.getByLabelText(FIELD), gone);
  await screen.findByText(/can’t be read/);
  expect(send().disabled).toBe(true);
  await user.click(screen.getByRole("button", { name: "Leave it out" }));
  expect(send().disabled).toBe(false);
});

test("given a slow file when another is picked meanwhile then the later one counts", async () => {
  render(<Apply comesBack={false} />);
  const slow = fileOf("slow", "slow.pdf");
  let read: (bytes: ArrayBuffer) => void = () => {};
  slow.arrayBuffer = () => new Promise((resolve) => (read = resolve));
  const field = screen.getByLabelText(FIELD);
  fireEvent.change(field, { target: { files: [slow] } });
  expect(send().disabled).toBe(true);
  fireEvent.change(field, { target: { files: [fileOf("abc", "lease.pdf")] } });
  await screen.findByText(ABC);
  read(new TextEncoder().encode("slow").buffer);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(screen.getByText(ABC)).toBeTruthy();
});
