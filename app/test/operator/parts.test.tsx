// The desk's parts as they are shown and used, on a chain that is made up: what is sent is caught here.

import {
  instructions,
  market as programs,
  MEMO_PROGRAM,
  oracle,
  registry,
  type OwnMeter,
} from "@joulebook/client";
import { address, createNoopSigner, type Instruction } from "@solana/kit";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { FormatsProvider } from "../../src/format/use-formats";
import type { Access, Office } from "../../src/operator/access";
import { OwedCard } from "../../src/operator/overview/OwedCard";
import { Meters } from "../../src/operator/meters/Meters";
import { RegisterMeter } from "../../src/operator/meters/RegisterMeter";
import { Applicants } from "../../src/operator/participants/Applicants";
import { Members } from "../../src/operator/participants/Members";
import { Offices } from "../../src/operator/participants/Offices";
import { hashOf } from "../../src/household/record";

const chain = vi.hoisted(() => ({
  own: "So11111111111111111111111111111111111111112",
  other: "Vote111111111111111111111111111111111111111",
  sent: [] as (readonly Instruction[])[],
  participants: [] as unknown[],
  meters: [] as unknown[],
  ledger: {} as unknown,
  community: {} as Record<string, unknown>,
}));

const OWN = address(chain.own);
const HOUSEHOLD = address("SysvarC1ock11111111111111111111111111111111");
const OTHER = address(chain.other);

vi.mock("@joulebook/client", async (original) => ({
  ...(await original<typeof import("@joulebook/client")>()),
  sendInstructions: async (_: unknown, all: readonly Instruction[]) => {
    chain.sent.push(all);
    return { signature: "signature", slot: 1n, events: [], fee: 5_000n };
  },
}));
vi.mock("../../src/chain/market-context", async () => {
  const kit = await import("@solana/kit");
  const { own, other } = chain;
  const addresses = {
    ...{ community: other, market: other, meterTable: other, standingOrders: other },
    participant: async () => other,
    pageSeconds: 1_200,
  };
  const terms = { keeperReward: 1_000_000n, feeBps: 100 };
  const market = {
    ...{ addresses, token: { decimals: 6 }, owner: own, connection: {} },
    trader: kit.createNoopSigner(kit.address(own)),
    parameters: { gridOperator: 3, terms, hasStandingOrders: 1 },
  };
  return {
    ...{ useMarket: () => market, useNow: () => 10_000 },
    useConfiguration: () => ({ explorer: null, timeZone: "UTC" }),
  };
});
vi.mock("../../src/household/context", async () => {
  const { useMarket } = await import("../../src/chain/market-context");
  return { useHousehold: () => ({ market: useMarket(), stages: new Set() }) };
});
vi.mock("../../src/market/community", () => ({
  useCommunity: () => ({ data: chain.community }),
}));
vi.mock("../../src/operator/queries", async (original) => ({
  ...(await original<typeof import("../../src/operator/queries")>()),
  useParticipants: () => ({ data: chain.participants }),
  useAllMeters: () => ({ data: chain.meters }),
  useLedger: () => ({ data: chain.ledger }),
}));

const { Applied, Active, Suspended } = registry.ParticipantStatus;
const participant = (change: Partial<registry.Participant> = {}) =>
  ({
    ...{ wallet: HOUSEHOLD, index: 5, roles: registry.ROLE_CONSUMER, zone: 0, balancingGroup: 7 },
    ...{ appliedAt: 1_000n, approvedAt: 0n, changedAt: 2_000n, status: Active },
    identityHash: new Uint8Array(32),
    ...change,
  }) as registry.Participant;
const meter = (change: Partial<OwnMeter> = {}) =>
  ({
    ...{
      number: 2,
      participant: 5,
      boundary: 9_900n,
      sequence: 9n,
      serviceFrom: 0n,
      violations: 0,
    },
    ...{ status: oracle.MeterStatus.Active, keyCopied: 0 },
    ...change,
  }) as OwnMeter;
const as = (...offices: Office[]): Access => ({
  ...{ wallet: OWN, offices, participant: OTHER, index: 4 },
});

beforeEach(() => {
  chain.sent.length = 0;
  chain.participants = [participant()];
  chain.meters = [meter()];
  chain.ledger = { ...{ suppliers: [{ seat: 0 }], supplying: 0, seats: [], fees: 0n } };
  chain.community = { authority: OTHER, zones: ["North"], approvals: 1, isPaused: false };
});

const page = (part: ReactNode) => (
  <QueryClientProvider client={new QueryClient()}>
    <FormatsProvider timeZone="UTC" currency="EUR" decimals={6}>
      {part}
    </FormatsProvider>
  </QueryClientProvider>
);
const shown = (part: ReactNode) => render(page(part));

const openDialog = () => within(document.querySelector<HTMLElement>("dialog[open]")!);

const memoOf = (all: readonly Instruction[]) => {
  const found = all.find(({ programAddress }) => programAddress === MEMO_PROGRAM);
  return found && new TextDecoder().decode(new Uint8Array(found.data!));
};

describe("applicants", () => {
  test("given an applicant with a record when the file is compared and it is let in then the approval names what was shown", async () => {
    const record = new File(["passport"], "record.pdf");
    const identityHash = await hashOf(record);
    chain.participants = [participant({ status: Applied, index: registry.NO_INDEX, identityHash })];
    const user = userEvent.setup();
    shown(<Applicants access={as("operator")} />);
    expect(screen.getByText("buys · North · Balancing group 7")).toBeTruthy();
    await user.click(screen.getByText("Compare the identity record"));
    await user.upload(screen.getByLabelText("The record you hold"), record);
    await screen.findByText("record.pdf is the record that the application names.");
    const other = new File(["another"], "other.pdf");
    await user.upload(screen.getByLabelText("The record you hold"), other);
    await screen.findByText("other.pdf is another file than the one the application names.");

    await user.click(screen.getByRole("button", { name: /^Let in: / }));
    await screen.findByText("They are in.");
    const [approve, ...rest] = chain.sent[0]!;
    expect(rest).toEqual([]);
    const data = registry.getApproveInstructionDataDecoder().decode(approve!.data!);
    expect([...data.identityHash]).toEqual([...identityHash]);
    expect(data.balancingGroup).toBe(7);
  });

  test("given an operator without approvals when somebody waits then the button is off, and says why", () => {
    chain.participants = [participant({ status: Applied })];
    chain.community.approvals = 0;
    shown(<Applicants access={as("operator")} />);
    const button = screen.getByRole<HTMLButtonElement>("button", { name: /^Let in: / });
    expect(button.disabled).toBe(true);
    const why = document.getElementById(button.getAttribute("aria-describedby")!);
    expect(why!.textContent).toBe(
      "Operators have no approvals left; the authority can grant more.",
    );
  });
});

describe("applicants who ask for an office", () => {
  const letIn = { name: /^Let in: /, hidden: true };
  const asking = (roles: number) => [
    participant({ status: Applied, index: registry.NO_INDEX, roles }),
  ];

  test("given one that would be verifier and operator when it is let in then only after what each can do, and a yes of its own", async () => {
    const { ROLE_CONSUMER, ROLE_VERIFIER, ROLE_OPERATOR } = registry;
    chain.participants = asking(ROLE_CONSUMER | ROLE_VERIFIER | ROLE_OPERATOR);
    const user = userEvent.setup();
    shown(<Applicants access={as("authority")} />);
    await user.click(screen.getByRole("button", letIn));
    expect(chain.sent).toEqual([]);
    const dialog = openDialog();
    expect(dialog.getByText(HOUSEHOLD)).toBeTruthy();
    expect(
      dialog.getAllByRole("term", { hidden: true }).map(({ textContent }) => textContent),
    ).toEqual(["verifier", "operator"]);
    expect(dialog.getByText(/the supplier pays for energy that never flowed/)).toBeTruthy();
    const act = () =>
      dialog.getByRole<HTMLButtonElement>("button", {
        name: "Let in with this office",
        hidden: true,
      });
    expect(act().disabled).toBe(true);
    await user.click(dialog.getByRole("checkbox", { hidden: true }));
    await user.click(act());
    await screen.findByText("They are in.");
    const [approve] = chain.sent[0]!;
    const { roles } = registry.getApproveInstructionDataDecoder().decode(approve!.data!);
    expect(roles).toBe(ROLE_CONSUMER | ROLE_VERIFIER | ROLE_OPERATOR);
  });

  test("given a yes when the application changes then it is taken back, told, and needs another one", async () => {
    const { ROLE_VERIFIER, ROLE_OPERATOR } = registry;
    chain.participants = asking(ROLE_VERIFIER);
    const user = userEvent.setup();
    const { rerender } = shown(<Applicants access={as("authority")} />);
    await user.click(screen.getByRole("button", letIn));
    const dialog = openDialog();
    const box = () => dialog.getByRole<HTMLInputElement>("checkbox", { hidden: true });
    await user.click(box());
    chain.participants = asking(ROLE_VERIFIER | ROLE_OPERATOR);
    rerender(page(<Applicants access={as("authority")} />));
    expect(box().checked).toBe(false);
    expect(dialog.getByText(/^The application has changed/)).toBeTruthy();
    const act = dialog.getByRole<HTMLButtonElement>("button", {
      ...{ name: "Let in with this office", hidden: true },
    });
    expect(act.disabled).toBe(true);
  });

  test("given one that would be auditor when an operator looks then letting it in is off, and says why", () => {
    chain.participants = asking(registry.ROLE_AUDITOR);
    shown(<Applicants access={as("operator")} />);
    const button = screen.getByRole<HTMLButtonElement>("button", letIn);
    expect(button.disabled).toBe(true);
  });

  test("given a household with panels, a battery and a gateway when it is let in then without a second step", async () => {
    const { ROLE_PRODUCER, ROLE_STORAGE, ROLE_GATEWAY } = registry;
    chain.participants = asking(ROLE_PRODUCER | ROLE_STORAGE | ROLE_GATEWAY);
    const user = userEvent.setup();
    shown(<Applicants access={as("operator")} />);
    await user.click(screen.getByRole("button", letIn));
    await screen.findByText("They are in.");
    expect(chain.sent).toHaveLength(1);
  });
});

describe("participants", () => {
  test("given a suspended verifier when it is let in again then only after what it can do, a yes of its own, and words that fit", async () => {
    chain.participants = [participant({ status: Suspended, roles: registry.ROLE_VERIFIER })];
    const user = userEvent.setup();
    shown(<Members access={as("authority")} />);
    await user.click(screen.getByRole("button", { name: /^Let in again: /, hidden: true }));
    const dialog = openDialog();
    const act = dialog.getByRole<HTMLButtonElement>("button", {
      ...{ name: "Let in again with this office", hidden: true },
    });
    expect(act.disabled).toBe(true);
    await user.click(dialog.getByRole("checkbox", { hidden: true }));
    const text = dialog.getByLabelText("In your own words (optional)");
    await user.click(text);
    await user.paste("ä".repeat(201));
    expect(act.disabled).toBe(true);
    await user.clear(text);
    await user.click(act);
    await dialog.findByText("It is active again.");
    expect(chain.sent).toHaveLength(1);
    const [reinstate] = chain.sent[0]!;
    expect([...reinstate!.data!.slice(0, 8)]).toEqual([
      ...registry.getReinstateDiscriminatorBytes(),
    ]);
  });

  test("given a member when it is suspended then with the reason, the words as a memo, and its standing orders told", async () => {
    const user = userEvent.setup();
    shown(<Members access={as("operator")} />);
    await user.click(screen.getByRole("button", { name: /^Suspend: /, hidden: true }));
    const dialog = openDialog();
    await user.selectOptions(dialog.getByLabelText("Reason"), "It has moved away");
    await user.type(dialog.getByLabelText("In your own words (optional)"), "Letter of May");
    await user.click(dialog.getByRole("button", { name: "Suspend", hidden: true }));
    await dialog.findByText("It is suspended.");
    const [suspend, review] = chain.sent[0]!;
    expect(registry.getSuspendInstructionDataDecoder().decode(suspend!.data!).reason).toBe(2);
    expect(review!.programAddress).toBe(programs.MARKET_PROGRAM_ADDRESS);
    expect(memoOf(chain.sent[0]!)).toBe("Letter of May");
  });

  test("given a suspended member when it is let in again then nothing is said to be kept as reason", async () => {
    chain.participants = [participant({ status: Suspended })];
    const user = userEvent.setup();
    shown(<Members access={as("authority")} />);
    await user.click(screen.getByRole("button", { name: /^Let in again: /, hidden: true }));
    const dialog = openDialog();
    expect(dialog.queryByLabelText("Reason")).toBeNull();
    expect(dialog.getByText(/^The program keeps no reason for this/)).toBeTruthy();
    await user.click(dialog.getByRole("button", { name: "Let in again", hidden: true }));
    await dialog.findByText("It is active again.");
    const [reinstate] = chain.sent[0]!;
    expect([...reinstate!.data!.slice(0, 8)]).toEqual([
      ...registry.getReinstateDiscriminatorBytes(),
    ]);
    expect(memoOf(chain.sent[0]!)).toBeUndefined();
  });

  test("given office holders when they are shown then who has which, and what this wallet may do", () => {
    chain.participants = [
      participant({ roles: registry.ROLE_VERIFIER, wallet: OWN, index: 4 }),
      participant({ index: 3 }),
    ];
    shown(<Offices access={as("verifier")} />);
    const held = (name: RegExp) => screen.getByText(name).closest("div")!.textContent;
    expect(held(/^verifier/)).toContain("you");
    expect(held(/^operator/)).toContain("nobody");
    const power = (name: string) => screen.getByText(name).closest("li")!.textContent;
    expect(power("Register meters, with the owner’s signature")).toContain("yes");
    expect(power("Post prices")).toContain("Only the supplier posts prices.");
  });
});

describe("meters", () => {
  test("given meters when they are shown then silent ones first, with how long and whose", () => {
    chain.meters = [meter(), meter({ number: 3, boundary: 1_000n })];
    shown(<Meters access={as("authority")} />);
    expect(screen.getByText("1 meter was not heard for more than a page.")).toBeTruthy();
    const [first] = screen.getAllByRole("listitem");
    expect(first!.textContent).toContain("Meter 3 silent");
    expect(first!.textContent).toContain("2 hours ago");
    expect(first!.textContent).toContain("of household 5");
  });

  test("given a meter that was registered and has sent nothing when it is shown then it was never heard", () => {
    chain.meters = [meter({ sequence: 0n })];
    shown(<Meters access={as("authority")} />);
    expect(screen.getByText("Never heard")).toBeTruthy();
  });

  test("given a meter when it is quarantined then with the reason's number, and the words as a memo", async () => {
    const user = userEvent.setup();
    shown(<Meters access={as("emergency")} />);
    await user.click(screen.getByRole("button", { name: "Quarantine: meter 2", hidden: true }));
    const dialog = openDialog();
    await user.selectOptions(dialog.getByLabelText("Reason"), "It is defective");
    await user.type(dialog.getByLabelText("In your own words (optional)"), "Display dark");
    await user.click(dialog.getByRole("button", { name: "Quarantine", hidden: true }));
    await dialog.findByText("It is in quarantine.");
    const [quarantine] = chain.sent[0]!;
    const data = oracle.getQuarantineMeterInstructionDataDecoder().decode(quarantine!.data!);
    expect([data.meter, data.reason]).toEqual([2, 3]);
    expect(memoOf(chain.sent[0]!)).toBe("Display dark");
    const retire = screen.getByRole<HTMLButtonElement>("button", {
      ...{ name: "Retire: meter 2", hidden: true },
    });
    expect(retire.disabled).toBe(true);
  });

  test("given a meter in quarantine when it is released then its owner is named, and words that do not fit are refused", async () => {
    chain.meters = [meter({ status: oracle.MeterStatus.Quarantined })];
    const user = userEvent.setup();
    shown(<Meters access={as("authority")} />);
    await user.click(screen.getByRole("button", { name: "Release: meter 2", hidden: true }));
    const dialog = openDialog();
    const release = dialog.getByRole<HTMLButtonElement>("button", {
      name: "Release",
      hidden: true,
    });
    const text = dialog.getByLabelText("In your own words (optional)");
    await user.click(text);
    await user.paste("ä".repeat(201));
    expect(release.disabled).toBe(true);
    await user.clear(text);
    await user.click(release);
    await dialog.findByText("It is in service again.");
    const [restore] = chain.sent[0]!;
    expect([...restore!.data!.slice(0, 8)]).toEqual([
      ...oracle.getRestoreMeterDiscriminatorBytes(),
    ]);
  });

  test("given a meter when the authority retires it alone then without registers", async () => {
    const user = userEvent.setup();
    shown(<Meters access={as("authority")} />);
    await user.click(screen.getByRole("button", { name: "Retire: meter 2", hidden: true }));
    const dialog = openDialog();
    await user.click(dialog.getByRole("button", { name: "Retire", hidden: true }));
    await dialog.findByText("It is retired.");
    const data = oracle.getRetireMeterInstructionDataDecoder().decode(chain.sent[0]![0]!.data!);
    expect(data.registers).toEqual({ __option: "None" });
  });

  test("given a new meter when its form is filled in then what both sign is said, and a wrong key is refused", async () => {
    const user = userEvent.setup();
    shown(<RegisterMeter access={as("verifier")} />);
    await user.click(screen.getByRole("button", { name: "Fill in the form" }));
    const key = screen.getByLabelText("Public key of the device");
    await user.type(key, "nonsense");
    expect(screen.getByText(/^That is no key/)).toBeTruthy();
    const sign = screen.getByRole<HTMLButtonElement>("button", { name: /^Sign, and make/ });
    expect(sign.disabled).toBe(true);
    await user.clear(key);
    await user.click(key);
    await user.paste(`03${"ab".repeat(32)}`);
    await user.clear(screen.getByLabelText("Fed in at most"));
    await user.type(screen.getByLabelText("Fed in at most"), "5.5");
    await waitFor(() => expect(sign.disabled).toBe(false));
    expect(screen.getByText(/at most 10 kW drawn and 5.5 kW fed in/)).toBeTruthy();
    expect(screen.getByText(new RegExp(`03${"ab".repeat(32)} \\(P-256\\)`))).toBeTruthy();
  });
});

test("given a supplier short of its margin when what is owed is shown then it says so, and who owes what", () => {
  const seat = (free: bigint, debt: bigint) => ({ free, owing: [{ debt, claim: 0n }] });
  chain.participants = [participant({ index: 1 })];
  chain.ledger = {
    ...{ suppliers: [{ seat: 0 }], supplying: 0, fees: 2_000_000_000n },
    ...{ supplierMargin: 9_000_000_000n, seats: [seat(1n, 0n), seat(0n, 1_500_000_000n)] },
  };
  shown(<OwedCard />);
  expect(
    screen.getByText("The supplier has less than its margin. It has to deposit."),
  ).toBeTruthy();
  const table = screen.getByRole("table", { hidden: true });
  expect(within(table).getAllByRole("row", { hidden: true })[1]!.textContent).toContain("€1.50");
});

test("given acts when the authority acts then as itself, and others as their participant", async () => {
  const { actorOf } = await import("../../src/operator/access");
  const signer = createNoopSigner(OWN);
  const expected: instructions.Actor = { signer, acting: OTHER };
  expect(actorOf(as("verifier"), signer)).toEqual(expected);
  expect(actorOf(as("authority", "verifier"), signer).acting).toBeUndefined();
});
