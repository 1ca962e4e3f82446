import { registry, type PastTransaction } from "@joulebook/client";
import { address, none, some, type Signature } from "@solana/kit";
import i18next from "i18next";
import { expect, test } from "vitest";

import { actsIn } from "../../src/operator/audit/acts";
import { auditCsv } from "../../src/operator/audit/AuditPart";
import { reasonText } from "../../src/operator/audit/reason-text";
import { sorted, type TimedAct } from "../../src/operator/audit/use-audit";

const COMMUNITY = address("Stake11111111111111111111111111111111111111");
const TABLE = address("Vote111111111111111111111111111111111111111");
const OTHER = address("So11111111111111111111111111111111111111112");
const ACTOR = address("SysvarC1ock11111111111111111111111111111111");
const OF = { community: COMMUNITY, meterTable: TABLE, market: OTHER };

const transaction = (...events: unknown[]): PastTransaction => ({
  ...{ signature: "signature" as Signature, slot: 7n, signers: [OTHER], fee: 5_000n },
  ...{ events: events as PastTransaction["events"], memos: ["Seal broken"] },
});
const quarantined = (actor: unknown, meterTable: string = TABLE, reason = 2) => ({
  ...{ program: "oracle", kind: "MeterQuarantined" },
  data: { meterTable, number: 1n, meter: 3, participant: 5, reason, actor },
});

test("given a quarantine when its act is read then by whom, of what and why, in words and beside", () => {
  expect(actsIn(transaction(quarantined(some(ACTOR))), OF)).toEqual([
    {
      ...{ signature: "signature", slot: 7n, name: "MeterQuarantined", by: ACTOR },
      ...{ wallet: undefined, meter: 3, reason: "tampered", memos: ["Seal broken"] },
    },
  ]);
});

test("given what the oracle does by itself, and what is of another community, when read then no act", () => {
  expect(actsIn(transaction(quarantined(none(), TABLE, 0)), OF)).toEqual([]);
  expect(actsIn(transaction(quarantined(some(ACTOR), OTHER)), OF)).toEqual([]);
  const readings = { program: "oracle", kind: "ReadingsProcessed", data: { meterTable: TABLE } };
  expect(actsIn(transaction(readings), OF)).toEqual([]);
});

test("given a suspension and a return when read then they are told apart, and prices are whose signature they have", () => {
  const changed = (status: number, reason: number) => ({
    ...{ program: "registry", kind: "ParticipantStatusChanged" },
    data: { community: COMMUNITY, wallet: OTHER, actor: ACTOR, status, reason },
  });
  const { Suspended, Active } = registry.ParticipantStatus;
  const posted = { program: "market", kind: "PricesPosted", data: { market: OTHER, window: 1n } };
  const acts = actsIn(transaction(changed(Suspended, 77), changed(Active, 0), posted), OF);
  expect(acts.map(({ name, by, reason }) => [name, by, reason])).toEqual([
    ["ParticipantSuspended", ACTOR, "77"],
    ["ParticipantReinstated", ACTOR, undefined],
    ["PricesPosted", OTHER, undefined],
  ]);
});

const act = (slot: bigint, change: Partial<TimedAct> = {}): TimedAct => ({
  ...{ signature: `s${slot}`, slot, name: "MeterRetired", by: ACTOR, wallet: undefined, meter: 1 },
  ...{ reason: undefined, memos: [], time: 60n },
  ...change,
});

test("given acts that two office holders have signed when sorted then each once, the latest first", () => {
  const all = sorted([
    [act(1n), act(3n)],
    [act(1n), act(1n, { meter: 2 })],
  ]);
  expect(all.map(({ slot, meter }) => [slot, meter])).toEqual([
    [3n, 1],
    [1n, 1],
    [1n, 2],
  ]);
});

test("given acts when written as CSV then times in UTC, and words that could be a formula as text", () => {
  const [, row] = auditCsv([act(1n, { memos: ["=HYPERLINK(1)"] })]).split("\r\n");
  expect(row).toBe(`1970-01-01T00:01:00.000Z,MeterRetired,${ACTOR},,1,,'=HYPERLINK(1),s1`);
});

test("given reasons when they are said then in words, or by their number where the list is another", () => {
  const text = (name: "MeterQuarantined" | "ParticipantSuspended", reason: string | undefined) =>
    reasonText({ name, reason }, i18next.t);
  expect(text("MeterQuarantined", "clock")).toBe("Its clock is wrong");
  expect(text("ParticipantSuspended", "moved")).toBe("It has moved away");
  expect(text("ParticipantSuspended", "77")).toBe("number 77 of another list");
  expect(text("ParticipantSuspended", undefined)).toBeUndefined();
});
