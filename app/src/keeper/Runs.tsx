// What keepers have done of late, and what it cost them.

import { useTranslation } from "react-i18next";

import { useConfiguration, useMarket, useNow } from "../chain/market-context";
import { useFormats } from "../format/use-formats";
import { Card, Stat, Waiting } from "../ui";
import { short } from "../wallet/short";
import { TransactionLink } from "../wallet/WalletMenu";
import { useBalances, useRuns } from "./queries";
import { costsOf, RUN_STEPS, type Costs, type Run } from "./runs";

export function Runs() {
  const { t } = useTranslation();
  const { addresses } = useMarket();
  const now = useNow(10_000);
  const page = now === undefined ? undefined : addresses.pageStart(BigInt(Math.floor(now)));
  const { data: runs, isError } = useRuns(page);
  const costs = runs && costsOf(runs);
  return (
    <Card className="cards__whole keeper__runs" title={t("keeper.runs.title")}>
      {!runs && !isError && <Waiting>{t("market.waiting")}</Waiting>}
      {!runs && isError && <p className="quiet">{t("weather.noHistory")}</p>}
      {runs?.length === 0 && <p className="quiet">{t("keeper.runs.none")}</p>}
      {costs && runs.length > 0 && (
        <>
          <Sums costs={costs} runs={runs.length} />
          <Wallets costs={costs} />
          <h3>{t("keeper.runs.each")}</h3>
          <ul className="keeper__list">
            {runs.map((run) => (
              <RunRow key={run.signature} run={run} now={now!} />
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function Sums({ costs, runs }: { costs: Costs; runs: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { parameters } = useMarket();
  const lamports = useLamports();
  return (
    <div className="keeper__stats">
      <Stat
        label={t("keeper.cost.perWindow")}
        value={costs.perWindow === undefined ? "–" : lamports(costs.perWindow)}
        note={t("keeper.cost.over", { count: costs.windows })}
      />
      <Stat
        label={t("keeper.cost.total")}
        value={lamports(costs.total)}
        note={t("keeper.cost.runs", { count: runs })}
      />
      <Stat
        label={t("keeper.cost.failed")}
        value={costs.failed}
        note={costs.failed > 0 && t("keeper.cost.failedNote")}
      />
      <Stat
        label={t("keeper.cost.reward")}
        value={formats.fineMoney(parameters.terms.keeperReward)}
        note={t("keeper.cost.rewardNote")}
      />
    </div>
  );
}

function Wallets({ costs }: { costs: Costs }) {
  const { t } = useTranslation();
  const lamports = useLamports();
  const number = new Intl.NumberFormat(useFormats().options.locale);
  const { data: balances } = useBalances(costs.payers);
  return (
    <>
      <h3>{t("keeper.wallets.title")}</h3>
      <ul className="keeper__list">
        {costs.payers.map((payer) => {
          const balance = balances?.get(payer);
          const windows =
            balance !== undefined && costs.perWindow ? balance / costs.perWindow : undefined;
          return (
            <li key={payer}>
              <code title={payer}>{short(payer)}</code>
              {balance !== undefined && (
                <span>
                  <span className="number">{lamports(balance)}</span>{" "}
                  {windows !== undefined && (
                    <span className="quiet small">
                      {t("keeper.wallets.lasts", {
                        count: Number(windows),
                        windows: number.format(windows),
                      })}
                    </span>
                  )}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** Seconds. A local node dates its blocks by another clock than the chain's: a time that far off is none. */
const LONG_AGO = 62 * 86_400;

function RunRow({ run, now }: { run: Run; now: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { explorer } = useConfiguration();
  const lamports = useLamports();
  const done = RUN_STEPS.filter((step) => run.steps.has(step)).map((step) => {
    const count = run.steps.get(step)!;
    return count > 1 ? `${t(`keeper.step.${step}`)} × ${count}` : t(`keeper.step.${step}`);
  });
  const isDated = run.time !== undefined && Math.abs(Number(run.time) - now) < LONG_AGO;
  return (
    <li>
      <span>
        {done.join(", ")}
        <br />
        <span className="quiet small">
          {isDated && `${formats.dayTime(run.time!)} · `}
          {t("keeper.runs.by", { wallet: short(run.payer) })}{" "}
          <TransactionLink explorer={explorer} signature={run.signature} />
        </span>
        {run.hasFailed && <strong className="keeper__failed"> {t("keeper.runs.failed")}</strong>}
      </span>
      <span className="number">{lamports(run.fee)}</span>
    </li>
  );
}

function useLamports() {
  const { t } = useTranslation();
  const format = new Intl.NumberFormat(useFormats().options.locale);
  return (amount: bigint) => t("keeper.lamports", { amount: format.format(amount) });
}
