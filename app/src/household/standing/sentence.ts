// A standing order in words.

import { market as programs } from "@joulebook/client";
import type { TFunction } from "i18next";

import type { Formats } from "../../format/formats";
import { clockOf } from "./half-hours";
import { spanOf } from "./rule";

const LimitKind = programs.LimitKind;
const QuantityKind = programs.QuantityKind;
const Side = programs.Side;

/** Of a rule, as much as is said. */
export type SaidRule = Readonly<{
  side: number;
  limit: number;
  limitKind: number;
  quantityKind: number;
  quantity: number;
  profile: readonly number[];
  halfHours: number | bigint;
  weekdays: number;
}>;

const ALL_WEEKDAYS = 0b0111_1111;
const WHOLE = 10_000;

/** "Sell what was fed in the day before, for at least 12 ct/kWh, from 10:00 to 16:00." */
export function ruleSentence(rule: SaidRule, t: TFunction, formats: Formats): string {
  const side = rule.side === Side.Buy ? "buy" : "sell";
  const words = { what: whatOf(rule, side, t, formats), limit: limitOf(rule, side, t, formats) };
  return t(`standing.sentence.${side}`, { ...words, when: whenOf(rule, t) });
}

function whatOf(rule: SaidRule, side: "buy" | "sell", t: TFunction, formats: Formats): string {
  const { quantityKind, quantity, profile } = rule;
  switch (quantityKind) {
    case QuantityKind.Fixed:
      return t("standing.what.fixed", { energy: formats.energy(quantity) });
    case QuantityKind.Profile: {
      const energies = profile.filter((each) => each > 0).map((each) => each * quantity);
      const [least, most] = [Math.min(...energies), Math.max(...energies)];
      return t("standing.what.profile", {
        from: formats.kWh(energies.length > 0 ? least : 0),
        to: formats.energy(energies.length > 0 ? most : 0),
      });
    }
    default: {
      const before = quantityKind === QuantityKind.DayBefore ? "dayBefore" : "weekBefore";
      const what = t(`standing.what.${before}.${side}`);
      return quantity === WHOLE
        ? what
        : t("standing.what.share", { share: formats.share(quantity / WHOLE), what });
    }
  }
}

function limitOf(rule: SaidRule, side: "buy" | "sell", t: TFunction, formats: Formats): string {
  const { limit, limitKind } = rule;
  if (limitKind === LimitKind.Fixed)
    return t(`standing.limit.fixed.${side}`, { price: formats.price(limit) });
  const of = limitKind === LimitKind.Short ? "short" : "long";
  if (limit === 0) return t(`standing.limit.${of}.${side}`);
  const where = limit < 0 ? "below" : "above";
  return t(`standing.limit.${where}`, {
    limit: t(`standing.limit.${of}.${side}`),
    price: formats.price(Math.abs(limit)),
  });
}

function whenOf({ halfHours, weekdays }: SaidRule, t: TFunction): string {
  const span = spanOf(BigInt(halfHours));
  const hours =
    span === undefined
      ? t("standing.when.some")
      : span[0] === 0 && span[1] === 48
        ? t("standing.when.always")
        : t("standing.when.between", { from: clockOf(span[0]), to: clockOf(span[1]) });
  return weekdays === ALL_WEEKDAYS ? hours : `${hours}, ${t("standing.when.someDays")}`;
}
