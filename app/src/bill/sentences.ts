// What a bill says in words, on the page and on paper alike.

import type { TFunction } from "i18next";

import type { Formats } from "../format/formats";
import type { Account } from "./account";
import { changeOf, stateOf, type Bill } from "./bill";

type Words = Readonly<{ t: TFunction; formats: Formats }>;

export const amountTitle = (total: bigint, t: TFunction) =>
  t(total < 0n ? "bill.receive" : "bill.pay");

const sizeOf = (amount: bigint) => (amount < 0n ? -amount : amount);

/** How far it can be relied on; the first one in bold. */
export function notesOf(bill: Bill, { t, formats }: Words): string[] {
  const { account, corrected, kept } = bill;
  const state = stateOf(bill);
  const change = changeOf(bill);
  const day = kept && formats.date(kept.keptAt);
  return [
    t(`bill.state.${state}`),
    ...(state === "preview" && !bill.isOver ? [t("bill.running")] : []),
    ...(state !== "final" && account.provisional > 0
      ? [t("bill.previewHint", { count: account.provisional })]
      : []),
    ...(account.unheard > 0 ? [t("bill.unheardHint", { count: account.unheard })] : []),
    ...(account.unsettled > 0 ? [t("bill.unsettledHint", { count: account.unsettled })] : []),
    ...(corrected ? [t("bill.correctedHint", { count: corrected })] : []),
    ...(kept
      ? [
          change === 0n
            ? t("bill.change.same", { day })
            : t(change < 0n ? "bill.change.less" : "bill.change.more", {
                ...{ day, amount: formats.money(sizeOf(change)) },
              }),
        ]
      : []),
  ];
}

/** Against the supplier alone; undefined where that is not known, or nothing was drawn and fed in. */
export function comparisonOf(account: Account, { t, formats }: Words): string | undefined {
  const { compared } = account;
  if (!compared) return undefined;
  const { alone, paid } = compared;
  if (alone === 0n && paid === 0n) return undefined;
  const sentence = t(alone >= paid ? "bill.saved" : "bill.lost", {
    amount: formats.money(sizeOf(alone - paid)),
    alone: formats.money(alone),
  });
  // Windows that are not settled are not compared.
  if (account.unheard === 0 && paid === account.total) return sentence;
  return `${t("bill.compared", { paid: formats.money(paid) })} ${sentence}`;
}

export function meterText(account: Account, { t, formats }: Words): string {
  return t("bill.meter", {
    drawn: formats.energy(account.imported),
    fedIn: formats.energy(account.exported),
    count: account.windows,
  });
}
