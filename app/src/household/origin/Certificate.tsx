// The energy label itself: shares as a picture and a table, whose it is, and what it stands on.

import { useTranslation } from "react-i18next";

import { useConfiguration } from "../../chain/market-context";
import { useFormats } from "../../format/use-formats";
import { useCommunity } from "../../market/community";
import { SOURCES } from "../../market/Sources";
import { Card } from "../../ui";
import { useHousehold } from "../context";
import { drawnIn, sumOfMix, type Origin, type OriginStep } from "./origin";
import { PARTS } from "./OriginChart";

export function Certificate(props: {
  origin: Origin;
  /** All of its steps. */
  sum: OriginStep;
  seat: number;
  title: string;
}) {
  const { origin, sum, seat, title } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const { market } = useHousehold();
  const { cluster, timeZone } = useConfiguration();
  const { data: community } = useCommunity();
  const all = drawnIn(sum);
  const energyOf = (part: (typeof PARTS)[number]) =>
    part === "neighbours" ? sumOfMix(sum.neighbours) : sum[part];
  const sources = SOURCES.filter((name) => (sum.neighbours[name] ?? 0) > 0);
  const told = [
    ["community", community?.name ?? "–"],
    ["household", t("origin.seat", { number: seat })],
    ["wallet", market.owner],
    ["market", market.addresses.market],
    ["chain", cluster.chain.replace("solana:", "Solana ")],
    ["time", `${formats.dayTime(sum.start)} – ${formats.dayTime(sum.end)} (${timeZone})`],
  ] as const;
  return (
    <Card className="origin" title={t("origin.label", { period: title })}>
      <div className="label__bar label__bar--tall" aria-hidden>
        {PARTS.map((part) => (
          <span
            key={part}
            className={`label__part label__part--${part}`}
            style={{ inlineSize: `${(100 * energyOf(part)) / all}%` }}
          />
        ))}
      </div>
      <table className="origin__table">
        <caption className="hidden-but-read">{t("origin.label", { period: title })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("origin.whence")}</th>
            <th scope="col">{t("bill.energy")}</th>
            <th scope="col">{t("origin.share")}</th>
          </tr>
        </thead>
        {PARTS.map((part) => (
          <tbody key={part}>
            <tr>
              <th scope="row" className={`label__key label__key--${part}`}>
                {t(`label.${part}`)}
              </th>
              <td className="number">{formats.energy(energyOf(part))}</td>
              <td className="number">
                <strong>{formats.share(energyOf(part) / all)}</strong>
              </td>
            </tr>
            {part === "neighbours" &&
              sources.map((name) => (
                <tr key={name} className="origin__source">
                  <th scope="row">{t(`sources.${name}`)}</th>
                  <td className="number">{formats.energy(sum.neighbours[name]!)}</td>
                  <td className="number">{formats.share(sum.neighbours[name]! / all)}</td>
                </tr>
              ))}
          </tbody>
        ))}
        <tfoot>
          <tr>
            <th scope="row">{t("origin.sum")}</th>
            <td className="number">{formats.energy(all)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
      <p className={`bill__state ${origin.isFinal ? "bill__state--final" : ""}`}>
        <strong>{t(origin.isFinal ? "bill.state.final" : "bill.state.preview")}</strong>{" "}
        <span className="quiet">{!origin.isFinal && t("origin.preview")}</span>
      </p>
      <p className="quiet small">
        {t(`origin.basis.${origin.basis}`)} {t("origin.law")}
      </p>
      <dl className="origin__told">
        {told.map(([name, text]) => (
          <div key={name}>
            <dt>{t(`origin.told.${name}`)}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
