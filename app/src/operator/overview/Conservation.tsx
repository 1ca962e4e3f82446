// Whether money and energy add up, as the indexer has counted them.

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useMarket } from "../../chain/market-context";
import { useFormats } from "../../format/use-formats";
import { useIndexer } from "../../indexer/context";
import { milliAtomsOf } from "../../indexer/money";
import { Card, DataTable, Notice, Waiting } from "../../ui";

const PARTS = ["free", "locked", "held", "escrow", "fees"] as const;

export function Conservation() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { token } = useMarket();
  const indexer = useIndexer();
  const {
    data: sums,
    isPending,
    isError,
  } = useQuery({
    queryKey: ["conservation"],
    queryFn: () => indexer!.conservation(),
    enabled: indexer !== undefined,
    refetchInterval: 30_000,
  });
  const money = (of: { tokens: string } | null | undefined) =>
    of ? formats.fineMoney(milliAtomsOf(of, token.decimals)) : "–";
  return (
    <Card title={t("desk.sums.title")}>
      {!indexer ? (
        <p className="quiet">{t("market.noIndexer")}</p>
      ) : isError ? (
        <Notice alarm title={t("banner.indexer")} />
      ) : isPending ? (
        <Waiting>{t("market.waiting")}</Waiting>
      ) : (
        <>
          {sums.holds ? (
            <Notice good title={t("desk.sums.holds", { count: sums.windows })} />
          ) : (
            <Notice alarm title={t("desk.sums.differs")} />
          )}
          <table className="sums">
            <caption className="hidden-but-read">{t("desk.sums.title")}</caption>
            <tbody>
              {PARTS.map((part) => (
                <tr key={part}>
                  <th scope="row">{t(`desk.sums.${part}`)}</th>
                  <td className="number">{money(sums[part])}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{t("desk.sums.money")}</th>
                <td className="number">{money(sums.money)}</td>
              </tr>
              <tr>
                <th scope="row">{t("desk.sums.vault")}</th>
                <td className="number">{money(sums.vault)}</td>
              </tr>
            </tfoot>
          </table>
          {sums.windows_that_differ.length > 0 && (
            <DataTable
              summary={t("desk.sums.windows", { count: sums.windows_that_differ.length })}
              caption={t("desk.sums.differs")}
              columns={[
                t("day.window"),
                t("today.windows.bought"),
                t("today.windows.sold"),
                t("day.volume"),
              ]}
              rows={sums.windows_that_differ.map((window) => [
                formats.dayTime(window.start),
                formats.energy(window.bought_wh),
                formats.energy(window.sold_wh),
                formats.energy(window.volume_wh),
              ])}
            />
          )}
        </>
      )}
    </Card>
  );
}
