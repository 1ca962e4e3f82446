// What the desk works out by itself: who may do what, who is silent, who owes, what it costs.

import { market as programs, oracle, registry, type OwnMeter } from "@joulebook/client";
import { address } from "@solana/kit";
import { describe, expect, test } from "vitest";

import { officesOf, type Access, type Office } from "../../src/operator/access";
import {
  mayApprove,
  mayPost,
  mayQuarantine,
  mayRelease,
  mayRetireAlone,
  maySuspend,
  mayVerify,
} from "../../src/operator/may";
import { QUARANTINE_REASONS, reasonName } from "../../src/operator/meters/reasons";
import { bySilence } from "../../src/operator/meters/silence";
import { costsByPayer } from "../../src/operator/overview/costs";
import { standingOf } from "../../src/operator/overview/owing";
import { suspensionReasonName } from "../../src/operator/participants/reasons";

const WALLET = address("So11111111111111111111111111111111111111112");
const as = (...offices: Office[]): Access => ({
  ...{ wallet: WALLET, offices, participant: undefined, index: 4 },
});
const OPEN = { approvals: 2, isPaused: false };
const { ROLE_CONSUMER, ROLE_OPERATOR, ROLE_VERIFIER } = registry;

describe("what an office may do", () => {
  test("given an applicant when an operator looks then as many as it has approvals for, without privileged roles, unless paused", () => {
    expect(mayApprove(as("operator"), OPEN, ROLE_CONSUMER)).toBeUndefined();
    expect(mayApprove(as("operator"), { ...OPEN, approvals: 0 }, 1)).toBe("noApprovals");
    expect(mayApprove(as("operator"), OPEN, ROLE_VERIFIER)).toBe("authorityOnly");
    expect(mayApprove(as("operator"), { ...OPEN, isPaused: true }, 1)).toBe("paused");
    expect(mayApprove(as("authority"), { ...OPEN, approvals: 0 }, ROLE_VERIFIER)).toBeUndefined();
    expect(mayApprove(as("verifier", "supplier"), OPEN, 1)).toBe("operatorOnly");
  });

  test("given a participant when it is to be suspended then an operator may, but not one with an office", () => {
    expect(maySuspend(as("operator"), ROLE_CONSUMER)).toBeUndefined();
    expect(maySuspend(as("operator"), ROLE_OPERATOR)).toBe("authorityOnly");
    expect(maySuspend(as("emergency"), ROLE_CONSUMER)).toBe("operatorOnly");
    expect(maySuspend(as("authority"), ROLE_OPERATOR)).toBeUndefined();
  });

  test("given a meter when it is looked at then each office has its own acts, and nobody decides about its own", () => {
    const meter = { participant: 3, keyCopied: 0 };
    expect(mayQuarantine(as("emergency"))).toBeUndefined();
    expect(mayQuarantine(as("operator"))).toBe("quarantineOnly");
    expect(mayRelease(as("verifier"), meter)).toBeUndefined();
    expect(mayRelease(as("emergency"), meter)).toBe("verifierOnly");
    expect(mayRelease(as("verifier"), { ...meter, participant: 4 })).toBe("ownMeter");
    expect(mayRelease(as("authority"), { ...meter, keyCopied: 1 })).toBe("keyCopied");
    expect(mayVerify(as("verifier"), 3)).toBeUndefined();
    expect(mayVerify(as("verifier"), 4)).toBe("ownMeter");
    expect(mayRetireAlone(as("verifier"))).toBe("authorityOnly");
    expect(mayRetireAlone(as("authority"))).toBeUndefined();
  });

  test("given prices when they are to be posted then the supplier alone may", () => {
    expect(mayPost(as("supplier"))).toBeUndefined();
    expect(mayPost(as("authority"))).toBe("supplierOnly");
  });

  test("given a participant when it is not active then it has no office", () => {
    const roles = ROLE_OPERATOR | ROLE_VERIFIER | ROLE_CONSUMER;
    const { Active, Suspended } = registry.ParticipantStatus;
    expect(officesOf({ status: Active, roles })).toEqual(["operator", "verifier"]);
    expect(officesOf({ status: Suspended, roles })).toEqual([]);
  });
});

const meter = (change: Partial<OwnMeter>) =>
  ({
    ...{ number: 0, status: oracle.MeterStatus.Active, boundary: 0n, serviceFrom: 0n },
    ...change,
  }) as OwnMeter;

test("given meters when they are sorted then the longest silent first, retired ones last, and service is waited for", () => {
  const { Retired, Quarantined } = oracle.MeterStatus;
  const sorted = bySilence(
    [
      meter({ number: 1, boundary: 9_900n }),
      meter({ number: 2, boundary: 100n, status: Retired }),
      meter({ number: 3, boundary: 5_000n }),
      meter({ number: 4, boundary: 0n, serviceFrom: 20_000n }),
      meter({ number: 5, boundary: 1_000n, status: Quarantined }),
    ],
    10_000,
    1_200,
  );
  expect(sorted.map(({ number }) => number)).toEqual([5, 3, 1, 4, 2]);
  expect(sorted.filter(({ isSilent }) => isSilent).map(({ number }) => number)).toEqual([3]);
  expect(sorted.find(({ number }) => number === 4)!.silentSeconds).toBe(0);
});

test("given a ledger when what is owed is added up then by seat, and the present supplier's money against its margin", () => {
  const seat = (free: bigint, ...owing: [bigint, bigint][]) => ({
    free,
    owing: owing.map(([debt, claim]) => ({ debt, claim })),
  });
  const standing = standingOf({
    ...{ supplying: 1, supplierMargin: 500n, fees: 7n },
    suppliers: [{ seat: 9 }, { seat: 0 }],
    seats: [seat(400n), seat(0n, [3n, 0n], [2n, 0n]), seat(0n, [0n, 4n])],
  } as unknown as programs.Ledger);
  expect(standing).toEqual({
    ...{ debts: 5n, claims: 4n, fees: 7n },
    owed: [
      { seat: 1, debt: 5n, claim: 0n },
      { seat: 2, debt: 0n, claim: 4n },
    ],
    supplier: { seat: 0, free: 400n, margin: 500n },
  });
});

test("given transactions when their fees are added up then by whoever paid, the largest sum first", () => {
  const of = (payer: string, fee: bigint) =>
    ({ signers: [payer, "other"], fee }) as unknown as Parameters<typeof costsByPayer>[0][0];
  expect(costsByPayer([of("one", 5_000n), of("two", 20_000n), of("one", 5_000n)])).toEqual([
    { payer: "two", transactions: 1, lamports: 20_000n },
    { payer: "one", transactions: 2, lamports: 10_000n },
  ]);
});

test("given numbers of reasons when they are read then names of this page's list, of the program's, or none", () => {
  expect(reasonName(QUARANTINE_REASONS.tampered)).toBe("tampered");
  expect(reasonName(0)).toBe("violations");
  expect(reasonName(65_535)).toBe("keyCopied");
  expect(reasonName(1_234)).toBeUndefined();
  expect(suspensionReasonName(2)).toBe("moved");
  expect(suspensionReasonName(7)).toBeUndefined();
  // The program refuses its own two from anybody else.
  for (const code of Object.values(QUARANTINE_REASONS)) expect([0, 65_535]).not.toContain(code);
});
