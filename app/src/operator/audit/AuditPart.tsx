// Who did what in office, when, and why.

import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useConfiguration } from "../../chain/market-context";
import { useFormats } from "../../format/use-formats";
import { useCommunity } from "../../market/community";
import { Button, Card, Notice, Waiting } from "../../ui";
import { short } from "../../wallet/short";
import { TransactionLink } from "../../wallet/WalletMenu";
import { officesOf, type Access } from "../access";
import { csv } from "../exports/csv";
import { saveFile } from "../exports/save-file";
import { ownersOf, useLedger, useParticipants } from "../queries";
import { reasonText } from "./reason-text";
import { sorted, useAudit, type TimedAct } from "./use-audit";
import type { Address } from "@solana/kit";

export function AuditPart({ access }: { access: Access }) {
  const { t } = useTranslation();
  const wallets = useOfficeWallets(access);
  const audit = useAudit(wallets);
  const acts = sorted((audit.data?.pages ?? []).map((page) => page.acts));
  const save = () => saveFile("joulebook-audit.csv", auditCsv(acts), "text/csv;charset=utf-8");
  return (
    <Card
      title={t("desk.audit.title")}
      aside={
        acts.length > 0 && (
          <Button quiet small onClick={save}>
            <Download size={16} aria-hidden />
            {t("desk.audit.save")}
          </Button>
        )
      }
    >
      <p className="quiet">{t("desk.audit.text", { count: wallets.length })}</p>
      {audit.isError && <Notice alarm title={t("desk.failed")} />}
      {audit.isPending && <Waiting>{t("market.waiting")}</Waiting>}
      {audit.data && acts.length === 0 && <p className="quiet">{t("desk.audit.none")}</p>}
      <ol className="desk-list audit">
        {acts.map((act, at) => (
          <ActRow key={`${act.signature} ${at}`} act={act} />
        ))}
      </ol>
      {audit.hasNextPage ? (
        <Button
          quiet
          disabled={audit.isFetchingNextPage}
          onClick={() => void audit.fetchNextPage()}
        >
          {t(audit.isFetchingNextPage ? "market.waiting" : "desk.audit.earlier")}
        </Button>
      ) : (
        audit.data && <p className="quiet small">{t("desk.audit.beginning")}</p>
      )}
    </Card>
  );
}

function ActRow({ act }: { act: TimedAct }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { explorer } = useConfiguration();
  const { name, by, wallet, meter, memos, signature, time } = act;
  const reason = reasonText(act, t);
  return (
    <li>
      <div className="desk-list__what">
        <strong>
          {t(`desk.audit.act.${name}`)}
          {wallet && `: ${short(wallet)}`}
          {meter !== undefined && `: ${t("desk.meters.meter", { number: meter })}`}
        </strong>
        {reason && <span>{t("desk.audit.reason", { reason })}</span>}
        {memos.map((text) => (
          <q key={text}>{text}</q>
        ))}
        <span className="quiet small">
          {t("desk.audit.by", {
            wallet: short(by),
            time: time === undefined ? t("desk.audit.noTime") : formats.dayTime(time),
          })}{" "}
          · <TransactionLink explorer={explorer} signature={signature} />
        </span>
      </div>
    </li>
  );
}

/** Whoever holds an office now, and the connected wallet. */
function useOfficeWallets(access: Access): readonly Address[] {
  const { data: participants } = useParticipants();
  const { data: community } = useCommunity();
  const { data: ledger } = useLedger();
  if (!participants || !community || !ledger) return [];
  const owners = ownersOf(participants);
  const suppliers = ledger.suppliers.flatMap(({ seat }) => owners.get(seat)?.wallet ?? []);
  const holders = participants.filter((each) => officesOf(each).length > 0);
  const all = [
    ...[community.authority, access.wallet],
    ...holders.map(({ wallet }) => wallet),
    ...suppliers,
  ];
  return [...new Set(all)].sort();
}

export function auditCsv(acts: readonly TimedAct[]): string {
  return csv([
    ["time_utc", "act", "by", "participant", "meter", "reason", "memo", "transaction"],
    ...acts.map(({ time, name, by, wallet, meter, reason, memos, signature }) => [
      time === undefined ? "" : new Date(Number(time) * 1000).toISOString(),
      ...[name, by, wallet ?? "", meter ?? "", reason ?? "", memos.join(" | "), signature],
    ]),
  ]);
}
