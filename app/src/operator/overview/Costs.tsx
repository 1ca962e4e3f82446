// What running the market costs: transaction fees of the latest transactions, and what keepers were given for theirs.

import { readTransactions } from "@joulebook/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMarket } from "../../chain/market-context";
import { useFormats } from "../../format/use-formats";
import { useIndexer } from "../../indexer/context";
import { milliAtomsOf } from "../../indexer/money";
import { Button, Card, DataTable, Notice, Stat, Waiting } from "../../ui";
import { short } from "../../wallet/short";
import { useSol } from "../use-sol";
import { costsByPayer } from "./costs";

/** Each is a question to the endpoint. */
const LOOKED_AT = 100;

export function Costs() {
  const { t } = useTranslation();
  const formats = useFormats();
  const sol = useSol();
  const { connection, addresses, token } = useMarket();
  const indexer = useIndexer();
  const [isAsked, setIsAsked] = useState(false);
  const fees = useQuery({
    queryKey: ["costs", addresses.ledger],
    queryFn: async () => {
      const limit = LOOKED_AT;
      const { transactions } = await readTransactions(connection, addresses.ledger, { limit });
      return { count: transactions.length, payers: costsByPayer(transactions) };
    },
    enabled: isAsked,
    staleTime: Infinity,
  });
  const rewards = useQuery({
    queryKey: ["rewards"],
    queryFn: async () => {
      const movements = await indexer!.movements();
      const rewarded = movements.filter(({ kind }) => kind === "keeper-rewarded");
      return {
        count: rewarded.length,
        sum: rewarded.reduce((all, { amount }) => all + milliAtomsOf(amount, token.decimals), 0n),
      };
    },
    enabled: indexer !== undefined,
    staleTime: 60_000,
  });
  const paid = fees.data?.payers.reduce((all, { lamports }) => all + lamports, 0n);
  return (
    <Card title={t("desk.costs.title")}>
      {rewards.data && (
        <Stat
          label={t("desk.costs.rewards")}
          value={formats.fineMoney(rewards.data.sum)}
          note={t("desk.costs.rewardsNote", { count: rewards.data.count })}
        />
      )}
      <p className="quiet">{t("desk.costs.text", { count: LOOKED_AT })}</p>
      {fees.isError && <Notice alarm title={t("desk.failed")} />}
      {fees.isFetching && <Waiting>{t("market.waiting")}</Waiting>}
      {fees.data && paid !== undefined && (
        <>
          <Stat
            label={t("desk.costs.fees")}
            value={sol(paid)}
            note={t("desk.costs.feesNote", { count: fees.data.count })}
          />
          <DataTable
            summary={t("desk.costs.byPayer")}
            caption={t("desk.costs.byPayer")}
            columns={[t("desk.costs.payer"), t("desk.costs.transactions"), t("desk.costs.fees")]}
            rows={fees.data.payers.map(({ payer, transactions, lamports }) => [
              short(payer),
              String(transactions),
              sol(lamports),
            ])}
          />
        </>
      )}
      <div>
        <Button
          quiet
          small
          disabled={fees.isFetching}
          onClick={() => (isAsked ? void fees.refetch() : setIsAsked(true))}
        >
          {t(isAsked ? "desk.costs.again" : "desk.costs.look")}
        </Button>
      </div>
    </Card>
  );
}
