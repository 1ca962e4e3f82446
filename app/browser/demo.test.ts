// What `make demo` runs: the page that it serves at the address that it prints, and how it ends.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";
import { expect, test } from "vitest";

import { BROWSER, JOULEBOOK, missing, root } from "./market-of-this-machine";

const why = missing();
const WINDOWS = 16;

test.skipIf(why)(
  "given a market of a few windows when it runs then its page shows them as they clear, and at its end all adds up and all is stopped",
  { timeout: 240_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "joulebook-demo-"));
    const args = ["up", "--speed", "300", "--windows", String(WINDOWS), "--folder", folder];
    const up = spawn(JOULEBOOK, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const ended = once(up, "exit");
    let told = "";
    for (const stream of [up.stdout, up.stderr])
      stream.on("data", (data: Buffer) => void (told += data));
    const browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
    try {
      await expect.poll(() => told, { timeout: 150_000 }).toMatch(/ cleared: /);
      const address = /^page +(http:\S+)/m.exec(told)![1]!;
      const page = await browser.newPage({ locale: "en-GB" });
      await page.goto(address);
      await page.getByText("Live from the chain").waitFor({ timeout: 30_000 });
      await page.locator(".day__price").waitFor({ state: "attached" });
      const [code] = (await ended) as [number | null];
      expect(code).toBe(0);
      expect(told.match(/ cleared: /g)).toHaveLength(WINDOWS);
      expect(told).toMatch(/^house15 /m);
      expect(told).toContain(`${WINDOWS} windows: energy and money add up.`);
      const answer = await fetch(address).catch(() => undefined);
      expect(answer).toBeUndefined();
    } finally {
      await browser.close();
      up.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
