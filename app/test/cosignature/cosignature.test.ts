import { kWhSum, oracle, watts, wh, whSum, type CoSigned } from "@joulebook/client";
import {
  address,
  appendTransactionMessageInstruction,
  compileTransaction,
  createTransactionMessage,
  getBase64EncodedWireTransaction,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
  type Blockhash,
} from "@solana/kit";
import i18next from "i18next";
import { describe, expect, test } from "vitest";

import { deviceKeyOf, deviceKeyText } from "../../src/cosignature/device-key";
import { sentencesOf } from "../../src/cosignature/ChangeInWords";
import { linkOf, transactionIn } from "../../src/cosignature/link";

const WALLET = address("So11111111111111111111111111111111111111112");
const PROGRAM = address("Vote111111111111111111111111111111111111111");
const transaction = compileTransaction(
  pipe(
    createTransactionMessage({ version: "legacy" }),
    (message) => setTransactionMessageFeePayer(WALLET, message),
    (message) =>
      setTransactionMessageLifetimeUsingBlockhash(
        { blockhash: WALLET as string as Blockhash, lastValidBlockHeight: 1n },
        message,
      ),
    (message) =>
      appendTransactionMessageInstruction(
        // Bytes that base64 writes with + and /.
        { programAddress: PROGRAM, data: new Uint8Array([251, 239, 190, 255, 255]) },
        message,
      ),
  ),
);

describe("a link", () => {
  test("given a transaction when it is put into a link and read back then the same, behind the #", () => {
    const link = linkOf(transaction, "https://page.example.org");
    expect(link).toMatch(/^https:\/\/page\.example\.org\/sign#[\w-]+$/);
    const { hash } = new URL(link);
    const found = transactionIn(hash)!;
    expect([...found.messageBytes]).toEqual([...transaction.messageBytes]);
    expect(found.signatures[WALLET]).toBeNull();
  });

  test("given a file of the command line when it is read then its transaction", () => {
    const wire = getBase64EncodedWireTransaction(transaction as never);
    const file = JSON.stringify({ version: 1, market: "M", genesisHash: "G", transaction: wire });
    expect([...transactionIn(file)!.messageBytes]).toEqual([...transaction.messageBytes]);
  });

  test("given a link that was cut, or is none, when it is read then nothing", () => {
    const { hash } = new URL(linkOf(transaction, "https://page.example.org"));
    for (const text of ["", "#", hash.slice(0, 40), "#%%%", "{", '{"transaction": 1}'])
      expect([text, transactionIn(text)]).toEqual([text, undefined]);
    expect(transactionIn(`#${"A".repeat(5_000)}`)).toBeUndefined();
  });
});

describe("a device's key", () => {
  test("given keys of both curves when they are read and written out then as they were entered", () => {
    const { Ed25519, P256Even, P256Odd } = oracle.KeyKind;
    for (const [text, kind] of [
      [WALLET as string, Ed25519],
      [`02${"0b".repeat(32)}`, P256Even],
      [`03${"ab".repeat(32)}`, P256Odd],
    ] as const) {
      const key = deviceKeyOf(` ${text} `)!;
      expect([key.keyKind, key.device.length, deviceKeyText(key)]).toEqual([kind, 32, text]);
    }
    for (const wrong of ["", "04", `04${"ab".repeat(32)}`, `02${"zz".repeat(32)}`, "é".repeat(33)])
      expect([wrong, deviceKeyOf(wrong)]).toEqual([wrong, undefined]);
  });
});

describe("a change in words", () => {
  const said = (change: CoSigned) => sentencesOf(change, i18next.t, ["North"]);

  test("given a registration when it is said then all that is signed", () => {
    const key = deviceKeyOf(`03${"ab".repeat(32)}`)!;
    const text = said({
      ...{ kind: "registerMeter", owner: WALLET },
      details: {
        ...{ ...key, zone: 0, assetKind: oracle.AssetKind.HeatPump },
        ...{ source: oracle.EnergySource.Sun, maxImport: watts(10_000), maxExport: watts(5_500) },
        ...{ standardDraw: wh(120), import: kWhSum("12.5"), export: whSum(0) },
      },
    }).join(" ");
    for (const part of [
      "in North",
      `03${"ab".repeat(32)} (P-256)`,
      "a heat pump; what it feeds in comes from the sun",
      "10 kW drawn and 5.5 kW fed in",
      "12.5 kWh drawn and 0 kWh fed in",
      "120 Wh",
    ])
      expect(text).toContain(part);
  });

  test("given what this page does not know when it is said then it says that", () => {
    const key = deviceKeyOf(WALLET)!;
    const text = said({
      ...{ kind: "registerMeter", owner: WALLET },
      details: {
        ...{ ...key, zone: 9, assetKind: 200, source: 200, maxImport: watts(1) },
        ...{ maxExport: watts(0), standardDraw: wh(0), import: whSum(0), export: whSum(0) },
      },
    }).join(" ");
    expect(text).toContain("something this page does not know");
    expect(text).toContain("a source this page does not know");
    expect(text).toContain("in 9.");
  });

  test("given a retirement when it is said then with its last registers, or that they are not named", () => {
    const retire = { kind: "retireMeter", owner: WALLET, meter: 3 } as const;
    const registers = { import: kWhSum("91.234"), export: whSum(0) };
    expect(said({ ...retire, registers })[1]).toContain("91.234 kWh drawn and 0 kWh fed in");
    expect(said({ ...retire, registers: null })[1]).toContain("not named");
  });
});
