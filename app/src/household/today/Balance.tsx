// A seat's money in words: what is free, and why the rest is not.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useFormats } from "../../format/use-formats";
import { Card } from "../../ui";
import type { NumberedSeat } from "../Guard";
import { useLocks } from "../queries";
import { locksInAll } from "./locks-in-all";

export function Balance({ seat }: { seat: NumberedSeat }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: locks } = useLocks();
  const sums = locks && locksInAll(locks);
  const claim = seat.owing.reduce((sum, { claim }) => sum + claim, 0n);
  const debt = seat.owing.reduce((sum, { debt }) => sum + debt, 0n);
  return (
    <Card
      title={t("balance.title")}
      aside={<Link href="/money">{t("balance.money")}</Link>}
      className="balance"
    >
      <p>{t("balance.free", { amount: formats.money(seat.free) })}</p>
      <p>
        {seat.locked === 0n
          ? t("balance.nothing")
          : t("balance.locked", { amount: formats.money(seat.locked) })}
      </p>
      {sums && seat.locked > 0n && (
        <ul>
          {sums.map(({ why, amount, count, first, last }) => (
            <li key={why}>
              {t(`balance.why.${why}`, {
                ...{ count, amount: formats.fineMoney(amount) },
                time: first === last ? formats.time(first) : formats.span(first, last),
              })}
            </li>
          ))}
        </ul>
      )}
      {seat.held > 0n && <p>{t("balance.held", { amount: formats.money(seat.held) })}</p>}
      {claim > 0n && <p>{t("balance.claim", { amount: formats.money(claim) })}</p>}
      {debt > 0n && <p>{t("balance.debt", { amount: formats.money(debt) })}</p>}
    </Card>
  );
}
