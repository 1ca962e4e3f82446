// The reason of an act in words; its number, where it is of another list than the page's.

import type { TFunction } from "i18next";

import type { Act } from "./acts";

export function reasonText(
  { name, reason }: Pick<Act, "name" | "reason">,
  t: TFunction,
): string | undefined {
  if (reason === undefined) return undefined;
  if (/^\d+$/.test(reason)) return t("desk.reason.number", { number: reason });
  const list = name === "MeterQuarantined" ? "quarantine" : "suspension";
  return t(`desk.${list}.${reason}` as "desk.quarantine.other");
}
