// The desk in a real browser, on a real market: an office holder looks after participants and meters, posts prices, takes the month's
// files, and reads who did what; an owner signs what a link asks for.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  address,
  createKeyPairSignerFromPrivateKeyBytes,
  createSolanaRpc,
  devnet,
  lamports,
} from "@solana/kit";
import { readXlsx } from "hucre/xlsx";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Download, Page } from "playwright-core";

import { connect, DESK, findings, PHONE } from "./looking";
import { Market, missing, picture } from "./market-of-this-machine";

const why = missing();
if (why) console.warn(`the desk is not tested in a browser: ${why}`);

let market: Market;
beforeAll(async () => {
  if (!why) market = await Market.start();
});
afterAll(() => market?.stop());

const PATIENCE = { timeout: 45_000 };

const part = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Subjects of the desk" }).getByRole("link", { name });

/** No wider than the screen: a phone's window grows with what does not fit. */
const overflow = (page: Page) =>
  page.evaluate(
    () => Math.max(document.documentElement.scrollWidth, window.innerWidth) - window.screen.width,
  );

async function saved(page: Page, button: string): Promise<Uint8Array> {
  const [download] = await Promise.all<Download>([
    page.waitForEvent("download", PATIENCE),
    page.getByRole("button", { name: button }).click() as never,
  ]);
  return readFileSync(await download!.path());
}

describe.skipIf(why)("the desk", () => {
  test("given the authority when it quarantines a meter, releases it and asks who did what then all of it is told, with the reasons", async () => {
    const page = await market.open("/desk", DESK);
    await connect(page, "operator");
    await page.getByRole("heading", { name: "The community’s desk" }).waitFor(PATIENCE);
    await page.getByText("Money and energy add up").waitFor(PATIENCE);
    await page.getByRole("button", { name: "Look them up" }).click();
    await page.locator("summary").filter({ hasText: "By who paid" }).waitFor(PATIENCE);
    await picture(page, "desk-overview-light");
    expect(await findings(page)).toEqual([]);

    await part(page, "Meters").click();
    await page.getByRole("button", { name: "Quarantine: meter 2", exact: true }).click();
    await page.getByLabel("Reason").selectOption("Somebody has tampered with it");
    await page.getByLabel("In your own words").fill("Seal broken");
    await picture(page, "desk-quarantine-light");
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Quarantine", exact: true }).click();
    await page.getByText("1 meter is in quarantine.").waitFor(PATIENCE);
    await page.keyboard.press("Escape");
    await picture(page, "desk-meters-light");
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Release: meter 2", exact: true }).click();
    await page.getByLabel("In your own words").fill("Sealed anew");
    await page.getByRole("button", { name: "Release", exact: true }).click();
    await page.getByText("1 meter is in quarantine.").waitFor({ state: "detached", ...PATIENCE });
    await page.keyboard.press("Escape");

    await part(page, "Audit trail").click();
    await page.getByText("Released from quarantine: Meter 2").waitFor(PATIENCE);
    await page.getByText("Put in quarantine: Meter 2").waitFor(PATIENCE);
    await page.getByText("Reason: Somebody has tampered with it").waitFor();
    await page.getByText("Seal broken").waitFor();
    await picture(page, "desk-audit-light");
    expect(await findings(page)).toEqual([]);
    const audit = new TextDecoder().decode(await saved(page, "Save as CSV"));
    expect(audit).toContain("MeterQuarantined");
    expect(audit).toContain("Seal broken");
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given an owner when a link asks it for a meter then it reads what it signs, and the meter is registered", async () => {
    const page = await market.open("/desk/meters", DESK);
    await connect(page, "operator");
    await page.getByRole("button", { name: "Fill in the form" }).click(PATIENCE);
    const owner = page.getByLabel("Owner", { exact: true });
    const option = owner.locator("option").filter({ hasText: "Participant 3 " });
    await owner.selectOption({ label: (await option.textContent())! });
    await page.getByLabel("Public key of the device").fill(`02${"17".repeat(32)}`);
    await page.getByLabel("Fed in at most").fill("5.5");
    await picture(page, "desk-register-light");
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Sign, and make the link" }).click();
    await page.getByText("Send this link to the owner.").waitFor(PATIENCE);
    const link = await page.getByLabel("Link", { exact: true }).inputValue();
    await picture(page, "desk-link-light");
    expect(page.faults).toEqual([]);
    await page.context().close();

    const { pathname, hash } = new URL(link);
    const signing = await market.open(`${pathname}${hash}`, PHONE);
    await connect(signing, ownerOf(4));
    await signing.getByText("Another wallet has to sign this").waitFor(PATIENCE);
    await signing.context().close();

    const owning = await market.open(`${pathname}${hash}`, PHONE);
    await connect(owning, ownerOf(3));
    await owning.getByText("5.5 kW fed in").waitFor(PATIENCE);
    await picture(owning, "sign-phone-light");
    expect(await findings(owning)).toEqual([]);
    expect(await overflow(owning)).toBeLessThanOrEqual(0);
    await owning.getByRole("button", { name: "Sign and send" }).click();
    await owning.getByText("It is signed by both, and stands.").waitFor(PATIENCE);
    expect(owning.faults).toEqual([]);
    await owning.context().close();
  });

  test("given an applicant who would be verifier when it is let in then only after what a verifier can do, and a yes to it", async () => {
    const { file, wallet } = await newWallet();
    market.run(
      ...["member", "apply", "--state", "sandbox.json", "--key", file, "--yes"],
      ...["--roles", "consumer", "--roles", "verifier"],
    );
    const page = await market.open("/desk/participants", PHONE);
    await connect(page, "operator");
    const short = `${wallet.slice(0, 4)}…${wallet.slice(-4)}`;
    await page.getByRole("button", { name: `Let in: ${short}` }).click(PATIENCE);
    await page.getByText("Registers meters and changes their devices").waitFor();
    const act = page.getByRole("button", { name: "Let in with this office" });
    expect(await act.isDisabled()).toBe(true);
    await page.getByRole("checkbox").check();
    await picture(page, "desk-office-phone-light");
    expect(await findings(page)).toEqual([]);
    await act.click();
    await page.getByText("They are in.").waitFor(PATIENCE);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given the supplier when it posts prices of a file then they stand, and what is wrong with the file is told", async () => {
    await fund(sandbox().supplier.address);
    const page = await market.open("/desk/prices", DESK);
    await connect(page, "supplier");
    await page.getByRole("heading", { name: "Prices of coming windows" }).waitFor(PATIENCE);
    const now = await market.chainNow();
    const rows = [
      "start,end,short,long",
      `${now - 3_600},${now + 10 * 86_400},0.31,0.07`,
      "yesterday,,0.3,0.1",
    ];
    await page.getByLabel("File", { exact: true }).setInputFiles({
      ...{ name: "prices.csv", mimeType: "text/csv" },
      buffer: Buffer.from(rows.join("\n")),
    });
    await page.getByText("1 row of the file is rejected.").waitFor(PATIENCE);
    await picture(page, "desk-prices-light");
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: /^Post prices of \d+ windows/ }).click();
    await page.getByText("The prices stand.").waitFor(PATIENCE);
    await page.getByText("0 windows get other prices.").waitFor(PATIENCE);
    await picture(page, "desk-prices-posted-light");
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given a month when its files are saved then the archive, the workbook and the matrix have all households", async () => {
    const page = await market.open("/desk/exports", DESK);
    await connect(page, "operator");
    await page.getByRole("button", { name: "Save the bills" }).waitFor(PATIENCE);
    const files = unzipSync(await saved(page, "Save the bills"));
    const names = Object.keys(files);
    const summary = strFromU8(files["summary.csv"]!).trim().split("\r\n");
    // A table and a PDF of each household, beside the summary.
    expect(names.length).toBe(1 + 2 * (summary.length - 1));
    expect(names.length).toBeGreaterThan(6);
    for (const name of names.filter((name) => name.endsWith(".pdf")))
      expect(strFromU8(files[name]!.slice(0, 5))).toBe("%PDF-");
    const book = await readXlsx(await saved(page, "Save the workbook"));
    expect(book.sheets.map(({ name }) => name)).toEqual(["Bills", "Windows", "Payments"]);
    expect(book.sheets[0]!.rows.length).toBe(summary.length);
    const matrix = strFromU8(await saved(page, "Save the matrix of what was drawn"));
    expect(matrix.split("\r\n")[0]!.split(",").length).toBe(2 + summary.length - 1);
    await picture(page, "desk-exports-light");
    expect(await findings(page)).toEqual([]);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given a phone at night, in German, when the desk is shown then it fits, and axe finds nothing", async () => {
    const page = await market.open("/desk", { ...PHONE, colorScheme: "dark", locale: "de-AT" });
    await page.getByRole("button", { name: "Verbinden" }).first().click();
    await page.getByRole("button", { name: "Test-Wallet (zum Wegwerfen)" }).click();
    await page.getByRole("radio", { name: /^operator,/ }).check();
    await page.getByRole("button", { name: "Fertig" }).click();
    await page.getByText("Geld und Energie gehen auf").waitFor(PATIENCE);
    for (const name of ["Überblick", "Teilnehmer", "Zähler", "Preise", "Dateien", "Protokoll"]) {
      await page
        .getByRole("navigation", { name: "Themen des Schreibtischs" })
        .getByRole("link", { name })
        .click();
      await page.waitForTimeout(2_500);
      await picture(page, `desk-${name.toLowerCase()}-phone-dark-de`);
      expect(await findings(page)).toEqual([]);
      // Two pixels are rounding: nobody sees them, and nothing can be pushed aside.
      expect(await overflow(page), name).toBeLessThanOrEqual(2);
    }
    expect(page.faults).toEqual([]);
    await page.context().close();
  });
});

type Sandbox = Readonly<{
  rpcUrl: string;
  supplier: Readonly<{ address: string }>;
  households: readonly Readonly<{ name: string; participantIndex: number }>[];
}>;
const sandbox = (): Sandbox =>
  JSON.parse(readFileSync(join(market.folder, "sandbox.json"), "utf8")) as Sandbox;

/** The name of the test wallet of a participant. */
const ownerOf = (index: number) =>
  sandbox().households.find(({ participantIndex }) => participantIndex === index)!.name;

/** A wallet that can pay fees, with the file that has its key. */
async function newWallet() {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const { address: wallet, keyPair } = await createKeyPairSignerFromPrivateKeyBytes(secret);
  const own = new Uint8Array(await crypto.subtle.exportKey("raw", keyPair.publicKey));
  const file = join(market.folder, "applicant.json");
  writeFileSync(file, JSON.stringify([...secret, ...own]), { mode: 0o600 });
  await fund(wallet);
  return { file, wallet: wallet as string };
}

/** Something to pay fees with. */
async function fund(wallet: string) {
  const rpc = createSolanaRpc(devnet(sandbox().rpcUrl));
  await rpc.requestAirdrop(address(wallet), lamports(1_000_000_000n)).send();
}
