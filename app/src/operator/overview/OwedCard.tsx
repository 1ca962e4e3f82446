// Debts of households, claims on the supplier, fees earned.

import { useTranslation } from "react-i18next";

import { useMarket } from "../../chain/market-context";
import { useFormats } from "../../format/use-formats";
import { Card, DataTable, Notice, Stat, Waiting } from "../../ui";
import { short } from "../../wallet/short";
import { ownersOf, useLedger, useParticipants } from "../queries";
import { standingOf } from "./owing";

export function OwedCard() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { parameters } = useMarket();
  const { data: ledger, isError } = useLedger();
  const { data: participants } = useParticipants();
  if (isError) return <Notice alarm title={t("desk.failed")} />;
  if (!ledger) return <Waiting>{t("market.waiting")}</Waiting>;
  const { debts, claims, fees, owed, supplier } = standingOf(ledger);
  const owners = ownersOf(participants);
  const { keeperReward, feeBps } = parameters.terms;
  return (
    <Card title={t("desk.owed.title")}>
      <div className="desk__stats">
        <Stat
          label={t("desk.owed.debts")}
          value={formats.money(debts)}
          note={t("desk.owed.debtsNote")}
        />
        <Stat
          label={t("desk.owed.claims")}
          value={formats.money(claims)}
          note={t("desk.owed.claimsNote")}
        />
        {supplier && (
          <Stat
            label={t("desk.owed.supplier")}
            value={formats.money(supplier.free)}
            note={t("desk.owed.margin", { amount: formats.money(supplier.margin) })}
          />
        )}
        <Stat
          label={t("desk.owed.fees")}
          value={formats.fineMoney(fees)}
          note={t("desk.owed.feesNote", {
            share: (feeBps / 100).toLocaleString(formats.options.locale),
            reward: formats.fineMoney(keeperReward),
          })}
        />
      </div>
      {supplier && supplier.free < supplier.margin && <Notice alarm title={t("desk.owed.short")} />}
      {owed.length > 0 && (
        <DataTable
          summary={t("desk.owed.table", { count: owed.length })}
          caption={t("desk.owed.title")}
          columns={[t("desk.owed.seat"), t("desk.owed.owes"), t("desk.owed.isOwed")]}
          rows={owed.map(({ seat, debt, claim }) => [
            t("desk.members.household", {
              number: seat,
              wallet: short(owners.get(seat)?.wallet ?? ""),
            }),
            formats.fineMoney(debt),
            formats.fineMoney(claim),
          ])}
        />
      )}
    </Card>
  );
}
