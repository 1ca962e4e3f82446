import { readFileSync } from "node:fs";
import { join } from "node:path";

import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import { CopyButton } from "../src/integrator/CopyButton";
import { PROGRAMS, programOf, questionsOf } from "../src/integrator/snippets";

const place = {
  ...{ url: "http://127.0.0.1:8899/", wsUrl: "ws://127.0.0.1:8900", market: "MARKET" },
  indexer: "http://127.0.0.1:9100/indexer",
};

test.each(PROGRAMS)(
  "given the program %s when written then it is short, and names this market",
  (name) => {
    const text = programOf(name, place);
    expect(text.trim().split("\n").length).toBeLessThan(30);
    expect(text).toContain(
      'connection({ url: "http://127.0.0.1:8899/", wsUrl: "ws://127.0.0.1:8900" })',
    );
    expect(text).toContain('joulebook({ market: "MARKET" })');
  },
);

test("given the order when written then what it does is what the client's quick start does", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../clients/ts/README.md"), "utf8");
  const [, quickStart = ""] = /```js\n([^]*?)```/.exec(readme) ?? [];
  const after = (text: string) => text.slice(text.indexOf("const [window]"));
  expect(after(programOf("order", place))).toBe(after(quickStart));
});

test("given no address of subscriptions when a program is written then it has none", () => {
  expect(programOf("read", { ...place, wsUrl: undefined })).toContain(
    'connection({ url: "http://127.0.0.1:8899/" })',
  );
});

test("given a market without an indexer when questions are written then there are none", () => {
  expect(questionsOf({ ...place, indexer: undefined })).toBeUndefined();
});

test("given a text when its button is pressed then it is in the clipboard, and that is told", async () => {
  const user = userEvent.setup();
  render(<CopyButton text="MARKET" what="Market" />);
  await user.click(screen.getByRole("button", { name: "Copy: Market" }));
  expect(await navigator.clipboard.readText()).toBe("MARKET");
  expect(screen.getByRole("status").textContent).toBe("Copied");
});
