// Where the community's own energy came from.

import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import type { Schemas } from "../indexer/client";

/** Names of sources that have a text; any other is shown as another one. */
export const SOURCES = ["sun", "wind", "water", "biomass", "storage", "other", "none"] as const;

export function Sources({ fedIn }: { fedIn: readonly Schemas["EnergySourceItem"][] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const sum = fedIn.reduce((all, { export_wh }) => all + export_wh, 0);
  if (sum === 0) return <p className="quiet">{t("sources.nothing")}</p>;
  const rows = [...fedIn]
    .filter(({ export_wh }) => export_wh > 0)
    .sort((one, other) => other.export_wh - one.export_wh);
  return (
    <ul className="sources">
      {rows.map(({ source, export_wh }) => {
        const known = SOURCES.find((name) => name === source) ?? "other";
        return (
          <li key={source} className={`sources__row sources__row--${known}`}>
            <span>{t(`sources.${known}`)}</span>
            <span className="number">{formats.energy(export_wh)}</span>
            <span className="track" aria-hidden>
              <span style={{ inlineSize: `${(100 * export_wh) / sum}%` }} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
