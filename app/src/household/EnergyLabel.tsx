// Where a household's energy of a month came from: its neighbours, itself, the supplier.

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useConfiguration } from "../chain/market-context";
import { useFormats } from "../format/use-formats";
import { useIndexer } from "../indexer/context";
import { SOURCES } from "../market/Sources";
import { Card } from "../ui";
import { useHousehold } from "./context";

const PARTS = [
  ["neighbours", "from_neighbours_wh"],
  ["own", "own_wh"],
  ["supplier", "from_supplier_wh"],
] as const;

export function EnergyLabel({ month }: { month: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const indexer = useIndexer();
  const { market } = useHousehold();
  const { timeZone } = useConfiguration();
  const { data } = useQuery({
    queryKey: ["live", "label", month, market.owner],
    queryFn: () => indexer!.sources(month, timeZone, market.owner),
    enabled: indexer !== undefined,
  });
  const own = data?.items[0];
  if (!data || !own) return null;
  const sum = PARTS.reduce((all, [, field]) => all + own[field], 0);
  const fedIn = data.fed_in.reduce((all, { export_wh }) => all + export_wh, 0);
  const mix = data.fed_in
    .filter(({ export_wh }) => export_wh > 0)
    .map(({ source, export_wh }) => {
      const name = SOURCES.find((known) => known === source) ?? "other";
      return `${t(`sources.${name}`)} ${formats.share(export_wh / fedIn)}`;
    })
    .join(", ");
  return (
    <Card
      title={t("label.title")}
      aside={
        <Link className="no-print" href="/origin">
          {t("origin.more")}
        </Link>
      }
    >
      {sum === 0 ? (
        <p className="quiet">{t("label.none")}</p>
      ) : (
        <>
          <div className="label__bar" aria-hidden>
            {PARTS.map(([name, field]) => (
              <span
                key={name}
                className={`label__part label__part--${name}`}
                style={{ inlineSize: `${(100 * own[field]) / sum}%` }}
              />
            ))}
          </div>
          <dl className="label__numbers">
            {PARTS.map(([name, field]) => (
              <div key={name}>
                <dt className={`label__key label__key--${name}`}>{t(`label.${name}`)}</dt>
                <dd>
                  <strong>{formats.share(own[field] / sum)}</strong>{" "}
                  <span className="quiet number">{formats.energy(own[field])}</span>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {mix && <p className="quiet">{t("label.mix", { mix })}</p>}
    </Card>
  );
}
