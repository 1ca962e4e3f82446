// A sheet of A4 in the page's own look: what is written on it, from the top down.

import type { jsPDF } from "jspdf";

export const LEFT = 56;
export const RIGHT = 539;
const WIDTH = RIGHT - LEFT;
const TOP = 92;
/** Three lines of small print fit beneath. */
const FOOT = 792;
const FONT = "helvetica";
/** Lines of a paragraph: their height for a size of 1. */
const LEADING = 1.4;

/** By day, as in `theme/tokens.css`. */
const INK = "#111a30";
const INK_2 = "#4b5770";
const LINE = "#d5ddeb";
const NIGHT = "#13224a";
const SUN = "#ffc93c";
const SKY = "#8fb4ff";

export type Tone = "strong" | "quiet";
export type Cell = Readonly<{ text: string; at: number; isRight?: boolean }>;

export class Paper {
  #y = TOP;

  constructor(readonly pdf: jsPDF) {}

  down(points: number) {
    this.#y += points;
  }

  /** The sign, the page's name, and what this is. */
  head(title: string, subtitle: string) {
    const { pdf } = this;
    this.#sign(LEFT, 40, 34);
    this.#write("Joulebook", LEFT + 46, 63, 17, "strong", NIGHT);
    this.#write(title, RIGHT, 56, 17, "strong", INK, "right");
    this.#write(subtitle, RIGHT, 74, 10.5, undefined, INK_2, "right");
    pdf.setDrawColor(LINE);
    pdf.setLineWidth(1);
    pdf.line(LEFT, TOP, RIGHT, TOP);
    this.#y = TOP + 24;
  }

  /** As in `public/icon.svg`, whose side is 64. */
  #sign(x: number, y: number, side: number) {
    const { pdf } = this;
    const unit = side / 64;
    pdf.setFillColor(NIGHT);
    pdf.roundedRect(x, y, side, side, 15 * unit, 15 * unit, "F");
    pdf.setLineWidth(6 * unit);
    pdf.setLineCap("round");
    pdf.setLineJoin("round");
    for (const [colour, from, step] of [
      [SUN, 46, -14],
      [SKY, 18, 14],
    ] as const) {
      pdf.setDrawColor(colour);
      const steps = [
        [13, 0],
        [0, step],
        [14, 0],
        [0, step],
        [13, 0],
      ];
      const moves = steps.map((move) => move.map((part) => part * unit));
      pdf.lines(moves, x + 12 * unit, y + from * unit, [1, 1], "S");
    }
    pdf.setFillColor("#ffffff");
    pdf.circle(x + side / 2, y + side / 2, 6.5 * unit, "F");
  }

  pair(name: string, value: string) {
    this.#write(name, LEFT, this.#y, 9.5, undefined, INK_2);
    this.#write(value, LEFT + 92, this.#y, 9.5, undefined, INK);
    this.#y += 15;
  }

  heading(text: string) {
    this.#write(text, LEFT, this.#y, 11.5, "strong", INK);
    this.#y += 20;
  }

  paragraph(text: string, tone?: Tone) {
    const size = 9.5;
    this.#font(size, tone);
    const lines = this.pdf.splitTextToSize(printable(text), WIDTH) as string[];
    for (const line of lines) {
      this.#write(line, LEFT, this.#y, size, tone, tone === "quiet" ? INK_2 : INK);
      this.#y += size * LEADING;
    }
    this.#y += 3;
  }

  row(cells: readonly Cell[], tone?: Tone) {
    for (const { text, at, isRight } of cells)
      this.#write(
        ...([text, at, this.#y, tone === "quiet" ? 9 : 10.5, tone] as const),
        tone === "quiet" ? INK_2 : INK,
        isRight ? "right" : "left",
      );
    this.#y += 13;
  }

  /** Beneath a row. */
  hint(text: string) {
    this.#write(text, LEFT, this.#y - 1, 8.5, undefined, INK_2);
    this.#y += 9;
  }

  rule(weight: "thin" | "thick" = "thick") {
    const { pdf } = this;
    pdf.setDrawColor(weight === "thin" ? LINE : INK_2);
    pdf.setLineWidth(weight === "thin" ? 0.5 : 0.75);
    pdf.line(LEFT, this.#y - 6, RIGHT, this.#y - 6);
    this.#y += 9;
  }

  total(text: string, amount: string) {
    this.#y += 15;
    this.pdf.setDrawColor(INK);
    this.pdf.setLineWidth(1.5);
    this.pdf.line(LEFT, this.#y - 18, RIGHT, this.#y - 18);
    this.#write(text, LEFT, this.#y, 13, "strong", INK);
    this.#write(amount, RIGHT, this.#y, 13, "strong", INK, "right");
    this.#y += 16;
  }

  foot(texts: readonly string[]) {
    const { pdf } = this;
    pdf.setDrawColor(LINE);
    pdf.setLineWidth(0.5);
    pdf.line(LEFT, FOOT - 14, RIGHT, FOOT - 14);
    this.#font(8, undefined);
    const lines = texts.flatMap((text) => pdf.splitTextToSize(printable(text), WIDTH) as string[]);
    for (const [place, line] of lines.entries())
      this.#write(line, LEFT, FOOT + place * 11, 8, undefined, INK_2);
  }

  #font(size: number, tone: Tone | undefined) {
    this.pdf.setFont(FONT, tone === "strong" ? "bold" : "normal");
    this.pdf.setFontSize(size);
  }

  #write(
    text: string,
    x: number,
    y: number,
    size: number,
    tone: Tone | undefined,
    colour: string,
    align: "left" | "right" = "left",
  ) {
    this.#font(size, tone);
    this.pdf.setTextColor(colour);
    this.pdf.text(printable(text), x, y, { align });
  }
}

/** The font knows the letters of Western Europe (Windows-1252), and not each kind of space or minus. */
function printable(text: string): string {
  return text
    .replace(/[\u00a0\u2000-\u200b\u202f]/g, " ")
    .replace(/\u2212/g, "-")
    .normalize("NFC");
}
