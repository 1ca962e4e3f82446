// The pages for a keeper and for whoever writes programs; and each program that is shown there, run as it is printed.

import { execFile, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { DESK, findings, overflow, PHONE } from "./looking";
import { Market, missing, picture } from "./market-of-this-machine";

const why = missing();
if (why) console.warn(`the pages for keepers and programmers are not tested: ${why}`);

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

let market: Market;
let project: string;
beforeAll(async () => {
  if (why) return;
  // Whoever writes a program has the client as it is built.
  if (!existsSync(join(root, "clients/ts/dist/src/index.js")))
    spawnSync("npm", ["run", "build", "--workspace", "@joulebook/client"], { cwd: root });
  project = mkdtempSync(join(tmpdir(), "joulebook-program-"));
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  market = await Market.start();
});
afterAll(async () => {
  if (project) rmSync(project, { recursive: true });
  await market?.stop();
});

const LOOKS = [
  ["desk-light", DESK, "light", "en-GB"],
  ["phone-dark-de", PHONE, "dark", "de-AT"],
] as const;

describe.skipIf(why)("for a keeper and a programmer", () => {
  test.each(LOOKS)(
    "given %s when a keeper looks then it sees what is due, what was done and cost, and daemons that work",
    async (name, size, colorScheme, locale) => {
      const page = await market.open("/keeper", { ...size, colorScheme, locale });
      await page.locator(".keeper__runs .keeper__list li").first().waitFor();
      await page.locator(".keeper__word--well").nth(3).waitFor();
      // Whatever is due: the next window's clearing is told.
      const clear = locale === "en-GB" ? "Clear a window" : "Preis eines Fensters finden";
      await page.locator(".cards").getByText(clear).first().waitFor();
      const cost = await page.locator(".keeper__stats .stat__value").first().textContent();
      expect(Number(cost!.replace(/\D/g, ""))).toBeGreaterThanOrEqual(5_000);
      await picture(page, `keeper-${name}`);
      expect(await findings(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(page.faults).toEqual([]);
      await page.context().close();
    },
  );

  test.each(LOOKS)(
    "given %s when a programmer looks then the page fits, and axe finds nothing",
    async (name, size, colorScheme, locale) => {
      const page = await market.open("/integrator", { ...size, colorScheme, locale });
      await page.locator("pre").first().waitFor();
      await picture(page, `integrator-${name}`);
      expect(await findings(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(page.faults).toEqual([]);
      await page.context().close();
    },
  );

  test("given the programs that are shown when they run as they are printed then each does what it says", async () => {
    const page = await market.open("/integrator", DESK);
    await page.locator("pre").first().waitFor();
    const files = await page
      .locator("pre")
      .evaluateAll((all) => all.map((pre) => [pre.dataset.file!, pre.textContent!] as const));
    expect(files.map(([file]) => file)).toEqual(["read.mjs", "order.mjs", "follow.mjs", "ask.sh"]);
    for (const [file, text] of files) writeFileSync(join(project, file), text);

    const node = (...args: string[]) => run(process.execPath, args, { cwd: project });
    expect((await node("read.mjs")).stdout).toMatch(/^\d{4}-\S+Z: \S+ kWh asked for, \S+ kWh off/);

    const sandbox = JSON.parse(readFileSync(join(market.folder, "sandbox.json"), "utf8")) as {
      households: { key: string }[];
    };
    const key = join(market.folder, sandbox.households[8]!.key);
    expect((await node("order.mjs", key)).stdout).toMatch(/^bids 0\.21 a kWh\nfree \S+, locked /);

    expect(await followed()).toMatch(/^window \d+$/m);

    const { stdout } = await run("sh", ["ask.sh"], { cwd: project });
    expect(stdout.match(/"items"/g)).toHaveLength(3);

    const link = page.getByRole("link", { name: /OpenAPI/ });
    const described = await page.request.get((await link.getAttribute("href"))!);
    expect(await described.json()).toMatchObject({ info: { title: "Joulebook indexer" } });
    await page.context().close();
  });
});

/** What the program that follows says until it is told to end. */
async function followed(): Promise<string> {
  const program = spawn(process.execPath, ["follow.mjs"], { cwd: project });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    program.stdout.on("data", (data: Buffer) => {
      if (said === "") program.kill("SIGINT");
      said += data;
    });
    program.stderr.on("data", (data: Buffer) => (said += data));
    program.once("error", reject);
    program.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`it ended with ${code}: ${said}`)),
    );
  });
  return said;
}
