// That no event of a program can be left out of a log unnoticed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/** Events that need no number, because what they say stands in an account. */
const UNNUMBERED = {
  WindowOpened: "in the book until the window is allocated, its prices in the page",
  WindowCleared: "in the book until the window is allocated, then in the page and the history",
  AdmissionClosed: "that the account is gone",
  HoldClosed: "that the account is gone",
};

const ABOUT = { registry: "community", oracle: "meter_table", market: "market" };

const idl = (program) =>
  JSON.parse(readFileSync(new URL(`../../idl/${program}.json`, import.meta.url), "utf8"));

const fieldsOf = ({ types }, { name }) => types.find((type) => type.name === name).type.fields;

test("an event says what it is about and which number it has, or that it needs none", () => {
  for (const [program, about] of Object.entries(ABOUT)) {
    const { events, ...rest } = idl(program);
    for (const event of events) {
      const [first, second] = fieldsOf(rest, event);
      assert.deepEqual([first.name, first.type], [about, "pubkey"], event.name);
      if (event.name in UNNUMBERED) assert.notEqual(second?.name, "number", event.name);
      else assert.deepEqual([second.name, second.type], ["number", "u64"], event.name);
    }
  }
});

test("events that need no number exist, and say so", () => {
  const { types } = idl("market");
  for (const name of Object.keys(UNNUMBERED)) {
    const { docs } = types.find((type) => type.name === name);
    assert.match(docs.join(" "), /Not numbered/, name);
  }
});
