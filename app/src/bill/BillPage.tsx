// A household's bill of a day, a month or a year, line by line.

import type { MarketHandle } from "@joulebook/client";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useConfiguration, useNow } from "../chain/market-context";
import { dayOf } from "../format/calendar";
import { boundsOf, periodOf, type PeriodKind } from "../format/period";
import { useIndexer } from "../indexer/context";
import { useCommunity } from "../market/community";
import { Card, Notice, Waiting } from "../ui";
import { BillCheck } from "./BillCheck";
import { BillSheet } from "./BillSheet";
import type { Bill } from "./bill";
import { changedSince } from "./kept";
import { PeriodChoice } from "./PeriodChoice";
import { useAccount, useCorrected, useEarlier } from "./queries";
import { useChanged } from "./use-changed";
import "./bill.css";

export function BillPage(props: {
  /** With the household as its owner. */
  market: MarketHandle;
  seat: number;
  /** When it was let in, unix seconds. */
  since: number;
  /** What else there is to say of a month. */
  besideMonth: (month: string) => ReactNode;
}) {
  const { market, seat, since } = props;
  const { t } = useTranslation();
  const indexer = useIndexer();
  const { timeZone } = useConfiguration();
  const { data: community } = useCommunity();
  const now = useNow(10_000);
  const today = now === undefined ? undefined : dayOf(now, timeZone);
  const [kind, setKind] = useState<PeriodKind>("month");
  const [ago, setAgo] = useState(0);
  const period = today === undefined ? undefined : periodOf(today, kind, ago);
  const billed = { market, seat, since, timeZone };
  const account = useAccount(billed, period, now);
  const corrected = useCorrected(billed, period);
  const earlier = useEarlier(billed, period);
  const changed = useChanged(billed, period, now);
  if (!indexer) return <Notice title={t("market.noIndexer")} />;
  if (!period || now === undefined) return <Waiting>{t("market.waiting")}</Waiting>;
  const bill = account.data && {
    ...{ account: account.data, period, isOver: boundsOf(period, timeZone)[1] <= now },
    ...{ household: market.owner, seat, market: market.addresses.market },
    ...{ community: community?.name, madeAt: Math.floor(now) },
    ...{ corrected, earlier, changed },
  };
  const { months } = account;
  return (
    <>
      <div className="page-head">
        <h1>{t("bill.title")}</h1>
      </div>
      <PeriodChoice
        period={period}
        ago={ago}
        onChange={(other, before) => (setKind(other), setAgo(before))}
      />
      <Card className="bill__card">
        {account.isPending && (
          <Waiting>
            {kind === "year" && months ? t("bill.months", { ...months }) : t("market.waiting")}
          </Waiting>
        )}
        {account.isError && (
          <Notice alarm title={t("bill.failed")}>
            {account.error.message}
          </Notice>
        )}
        {account.data === null && <p className="quiet">{t("bill.nothing")}</p>}
        {bill && <BillSheet bill={withKept(bill)} />}
      </Card>
      {bill && (
        <Card className="no-print" title={t("proof.title")}>
          <BillCheck
            key={`${period.name} ${market.owner}`}
            billed={billed}
            period={period}
            shown={bill.account}
            now={now}
          />
        </Card>
      )}
      {kind === "month" && bill && props.besideMonth(period.name)}
    </>
  );
}

function withKept(bill: Omit<Bill, "kept">): Bill {
  const kept = changedSince(bill);
  return kept ? { ...bill, kept } : bill;
}
