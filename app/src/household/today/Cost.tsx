// What a household's day has cost so far, and what it would have with the supplier alone.

import { useTranslation } from "react-i18next";

import { useFormats } from "../../format/use-formats";
import type { Account } from "../../bill/account";

export function Cost({ account }: { account: Account }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { paid: total, alone } = account.compared ?? { paid: account.total, alone: 0n };
  const saved = alone - total;
  return (
    <>
      <p className="next__price">
        <span className="next__number number">{formats.money(size(total))}</span>
      </p>
      <p className="next__sentence">
        {total < 0n ? t("today.cost.earned") : t("today.cost.paid")}{" "}
        <strong className="day-so-far__saved">
          {saved >= 0n
            ? t("today.cost.saved", { amount: formats.fineMoney(saved) })
            : t("today.cost.lost", { amount: formats.fineMoney(-saved) })}
        </strong>
      </p>
      <div className="today__bars">
        <Bar label={t("today.cost.here")} amount={total} most={max(total, alone)} kind="here" />
        <Bar label={t("today.cost.alone")} amount={alone} most={max(total, alone)} kind="alone" />
      </div>
    </>
  );
}

const size = (amount: bigint) => (amount < 0n ? -amount : amount);
const max = (one: bigint, other: bigint) => (size(one) > size(other) ? size(one) : size(other));

function Bar(props: { label: string; amount: bigint; most: bigint; kind: string }) {
  const formats = useFormats();
  const { label, amount, most, kind } = props;
  const share = most === 0n ? 0 : Number((size(amount) * 1000n) / most) / 10;
  return (
    <div className={`today__bar today__bar--${kind}`}>
      <span>{label}</span>
      <span className="number">{formats.money(amount)}</span>
      <span className="track">
        <span style={{ inlineSize: `${share}%` }} />
      </span>
    </div>
  );
}
