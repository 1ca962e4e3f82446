// A whole market on this machine, as `joulebook up` brings it up, and a real browser that looks at the page it serves.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

import { createSolanaRpc } from "@solana/kit";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

import { serve } from "../scripts/serve.mjs";

export const BROWSER = process.env.JOULEBOOK_BROWSER ?? "/usr/bin/chromium";
const target =
  process.env.CARGO_TARGET_DIR ??
  join(process.env.JOULEBOOK_CACHE ?? join(homedir(), ".cache/joulebook"), "target");
export const JOULEBOOK = process.env.JOULEBOOK ?? join(target, "debug/joulebook");
export const root = join(import.meta.dirname, "../..");
/** Seconds of the market's time in one: a window in thirty, and time enough to order in it. */
const SPEED = 30;
const PATIENCE = 150_000;

/** Why the page can't be tested in a browser here; undefined if it can. */
export function missing(): string | undefined {
  if (!existsSync(BROWSER)) return `there is no browser at ${BROWSER}; run toolchain/setup-app`;
  if (!existsSync(JOULEBOOK)) return `there is no ${JOULEBOOK}; run make build`;
  return undefined;
}

export class Market {
  private constructor(
    readonly url: string,
    readonly folder: string,
    readonly browser: Browser,
    readonly stop: () => Promise<void>,
  ) {}

  /** `speed` is how many seconds of the market's time are in one. */
  static async start(speed = SPEED): Promise<Market> {
    const folder = mkdtempSync(join(tmpdir(), "joulebook-page-"));
    const up = spawn(JOULEBOOK, ["up", "--speed", String(speed), "--folder", folder], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    // Listened to from the beginning: what it says before it ends is gone afterwards.
    const living = cleared(up);
    living.catch(() => {});
    const browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
    const end = async () => {
      await browser.close();
      await stopped(up);
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      await living;
      const page = await serve({ state: join(folder, "sandbox.json"), port: 0 });
      return new Market(page.url, folder, browser, async () => (await page.close(), end()));
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** A page in a browser that knows nothing of it yet. What goes wrong in it is kept in `faults`. */
  async open(
    path: string,
    options: BrowserContextOptions = {},
  ): Promise<Page & { faults: string[] }> {
    const context = await this.browser.newContext({ locale: "en-GB", ...options });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    await page.goto(new URL(path, this.url).href);
    return Object.assign(page, { faults });
  }

  /** The chain's clock, unix seconds. */
  async chainNow(): Promise<number> {
    const state = readFileSync(join(this.folder, "sandbox.json"), "utf8");
    const rpc = createSolanaRpc((JSON.parse(state) as { rpcUrl: string }).rpcUrl);
    const slot = await rpc.getSlot({ commitment: "confirmed" }).send();
    return Number(await rpc.getBlockTime(slot).send());
  }

  /** Does something with the command line, as an operator would. */
  run(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(JOULEBOOK, args, {
      cwd: this.folder,
      encoding: "utf8",
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`joulebook ${args.join(" ")}: ${stderr}`);
    return stdout;
  }
}

/** Where pictures of the page go, if anybody wants to look at them. */
export async function picture(page: Page, name: string) {
  const folder = process.env.JOULEBOOK_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Waits until a window has cleared: the market lives then. */
function cleared(up: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let told = "";
    const late = setTimeout(() => reject(new Error(`no window cleared: ${told}`)), PATIENCE);
    const listen = (data: Buffer) => {
      told += data;
      if (told.includes(" cleared: ")) (clearTimeout(late), resolve());
    };
    up.stdout!.on("data", listen);
    up.stderr!.on("data", listen);
    up.once("error", reject);
    up.once("exit", () => reject(new Error(`joulebook up has ended: ${told}`)));
  });
}

function stopped(up: ChildProcess): Promise<void> {
  if (up.exitCode !== null || up.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    up.removeAllListeners("exit");
    up.once("exit", () => resolve());
    up.kill("SIGTERM");
  });
}
