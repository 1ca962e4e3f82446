// A bill as a PDF of one page. Loaded when one is asked for: the library is large.

import { BILL_LINES } from "@joulebook/client";
import type { TFunction } from "i18next";
import { jsPDF } from "jspdf";

import type { Formats } from "../format/formats";
import { changeOf, kindOf, type Bill } from "./bill";
import { sumOfCorrections, type DayCorrection } from "./earlier";
import { LEFT, Paper, RIGHT } from "./pdf-paper";
import { amountTitle, comparisonOf, meterText, notesOf } from "./sentences";
import { sumOfParts, type ChangedPart } from "./since-settled";
import { titleOf } from "../format/period";

/** The reader's language, and how it writes numbers. */
export type BillWords = Readonly<{ t: TFunction; formats: Formats }>;

/** Columns of the lines: their right edges. */
const ENERGY = RIGHT - 110;
/** Of a credit note: what was, and what is. */
const BEFORE = RIGHT - 200;
const NOW = RIGHT - 100;

export function billPdf(bill: Bill, words: BillWords): Uint8Array {
  const { t, formats } = words;
  const title = t(`bill.kind.${kindOf(bill)}`);
  const pdf = new jsPDF({ unit: "pt", format: "a4", compress: true, putOnlyUsedFonts: true });
  pdf.setProperties({ title: `${title}, ${titleOf(bill.period, formats)}`, creator: "Joulebook" });
  const paper = new Paper(pdf);
  paper.head(title, titleOf(bill.period, formats));
  whose(paper, bill, words);
  lines(paper, bill, words);
  if (bill.earlier?.length) earlierDays(paper, bill.earlier, words);
  if (bill.changed?.length) sinceSettled(paper, bill.changed, words);
  if (bill.kept) change(paper, bill, words);
  paper.down(10);
  for (const text of [comparisonOf(bill.account, words), meterText(bill.account, words)])
    if (text) paper.paragraph(text);
  paper.foot([
    t("bill.pdf.market", { market: bill.market }),
    t("bill.pdf.made", { time: formats.date(bill.madeAt) }),
  ]);
  return new Uint8Array(pdf.output("arraybuffer"));
}

function whose(paper: Paper, bill: Bill, words: BillWords) {
  const { t } = words;
  const rows: [string, string][] = [
    ...(bill.community ? [[t("bill.pdf.community"), bill.community] as [string, string]] : []),
    [t("bill.pdf.household"), bill.household],
    [t("bill.pdf.seat"), String(bill.seat)],
  ];
  for (const [name, value] of rows) paper.pair(name, value);
  paper.down(6);
  for (const [place, note] of notesOf(bill, words).entries())
    paper.paragraph(note, place === 0 ? "strong" : "quiet");
  paper.down(8);
}

function lines(paper: Paper, { account, kept }: Bill, { t, formats }: BillWords) {
  paper.row(
    [
      { text: t("bill.for"), at: LEFT },
      { text: t("bill.energy"), at: ENERGY, isRight: true },
      { text: t("bill.amount"), at: RIGHT, isRight: true },
    ],
    "quiet",
  );
  paper.rule();
  for (const [place, name] of BILL_LINES.entries()) {
    const { energy, amount } = account.lines[name];
    paper.row([
      { text: t(`bill.line.${name}`), at: LEFT },
      { text: energy === undefined ? "" : formats.energy(energy), at: ENERGY, isRight: true },
      { text: formats.money(amount), at: RIGHT, isRight: true },
    ]);
    // A credit note needs the room.
    if (!kept) paper.hint(t(`bill.hint.${name}`));
    // Under the last one is the sum's own.
    if (place < BILL_LINES.length - 1) paper.rule("thin");
  }
  const { total } = account;
  paper.total(amountTitle(total, t), formats.money(total < 0n ? -total : total));
}

/** What was corrected of days before, in its sum: a month of them would not fit. */
function earlierDays(paper: Paper, earlier: readonly DayCorrection[], { t, formats }: BillWords) {
  paper.down(14);
  paper.row([
    { text: t("bill.earlier.days", { count: earlier.length }), at: LEFT },
    { text: formats.money(sumOfCorrections(earlier)), at: RIGHT, isRight: true },
  ]);
  paper.hint(t("bill.earlier.hint"));
}

/** What was corrected since it was settled, in its sum, likewise. */
function sinceSettled(paper: Paper, parts: readonly ChangedPart[], { t, formats }: BillWords) {
  paper.down(14);
  paper.row([
    { text: t("sinceSettled.title"), at: LEFT },
    { text: formats.money(sumOfParts(parts)), at: RIGHT, isRight: true },
  ]);
  paper.hint(t("sinceSettled.hint"));
}

/** What has changed since the bill was kept, line by line. */
function change(paper: Paper, bill: Bill, { t, formats }: BillWords) {
  const { kept, account } = bill;
  if (!kept) return;
  paper.down(14);
  paper.heading(t("bill.change.title", { day: formats.date(kept.keptAt) }));
  const amounts = (name: string, before: bigint, now: bigint, tone?: "strong") =>
    paper.row(
      [
        { text: name, at: LEFT },
        { text: formats.money(before), at: BEFORE, isRight: true },
        { text: formats.money(now), at: NOW, isRight: true },
        { text: formats.money(now - before), at: RIGHT, isRight: true },
      ],
      tone,
    );
  paper.row(
    [
      { text: "", at: LEFT },
      { text: t("bill.change.before"), at: BEFORE, isRight: true },
      { text: t("bill.change.now"), at: NOW, isRight: true },
      { text: t("bill.change.difference"), at: RIGHT, isRight: true },
    ],
    "quiet",
  );
  paper.rule();
  for (const name of BILL_LINES) {
    const [before, now] = [kept.amounts[name], account.lines[name].amount];
    if (before !== now) amounts(t(`bill.line.${name}`), before, now);
  }
  amounts(t("bill.change.total"), kept.total, kept.total + changeOf(bill), "strong");
}
