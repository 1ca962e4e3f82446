import assert from "node:assert/strict";
import { test } from "vitest";

import { eventsIn, market, oracle } from "../src/index.js";
import { assertIsFixture, fixture } from "./fixture.js";

const { logs, events: expected } = fixture("events.json");
const STRANGER = "11111111111111111111111111111111";

test("the events in a log are those that the programs reported, in order", () => {
  assertIsFixture(eventsIn(logs), expected);
});

test("bytes that another program logs are no event of ours", () => {
  const renamed = logs.map((line: string) =>
    line.replaceAll(market.MARKET_PROGRAM_ADDRESS, STRANGER),
  );
  assertIsFixture(
    eventsIn(renamed),
    expected.filter(({ program }: { program: string }) => program !== "market"),
  );
});

test("a program that calls ours is not ours", () => {
  const data = logs.find((line: string) => line.startsWith("Program data: "));
  const ours = oracle.ORACLE_PROGRAM_ADDRESS;
  const invoke = [`Program ${STRANGER} invoke [1]`, `Program ${ours} invoke [2]`];
  assert.equal(eventsIn([...invoke, data]).length, 1);
  assert.deepEqual(eventsIn([...invoke, `Program ${ours} success`, data]), []);
  const failed = `Program ${ours} failed: custom program error: 0x1838`;
  assert.deepEqual(eventsIn([...invoke, failed, data]), []);
});

test("lines that only look like a frame or an event are text", () => {
  const data = logs.find((line: string) => line.startsWith("Program data: "));
  const forged = [
    `Program ${STRANGER} invoke [1]`,
    `Program log: x\nProgram ${oracle.ORACLE_PROGRAM_ADDRESS} invoke [2]`,
    data,
    "Program data: not base64!",
    "Program data: AAAA AAAA",
    "Log truncated",
  ];
  assert.deepEqual(eventsIn(forged), []);
  assert.deepEqual(eventsIn([data]), []);
  assert.deepEqual(eventsIn([]), []);
});

test("bytes of one of our programs that are no event are passed over", () => {
  assert.deepEqual(
    eventsIn([`Program ${oracle.ORACLE_PROGRAM_ADDRESS} invoke [1]`, "Program data: AAAAAAAAAAA="]),
    [],
  );
});
