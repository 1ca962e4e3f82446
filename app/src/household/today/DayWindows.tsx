// A household's day, window by window: a chart, what its meter's values are worth, and a table.

import { useTranslation } from "react-i18next";

import { useFormats } from "../../format/use-formats";
import type { Schemas } from "../../indexer/client";
import { Card, DataTable } from "../../ui";
import { HouseDayChart } from "../HouseDayChart";
import { countQualities, qualityOf, type Quality } from "./quality";
import { QualityMark } from "./QualityMark";

export function DayWindows(props: {
  /** Those that are over. */
  positions: readonly Schemas["PositionItem"][];
  windows: readonly Schemas["WindowItem"][];
  /** Of the household's meters, what the oracle says of their values, by window. */
  told: ReadonlyMap<number, readonly string[]> | undefined;
  bounds: readonly [number, number];
  seconds: number;
}) {
  const { positions, windows, told, bounds, seconds } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const prices = new Map(windows.map(({ start, price }) => [start, price]));
  const qualities = new Map(
    positions.map((position) => [position.start, qualityOf(position, told?.get(position.start))]),
  );
  const counts = countQualities([...qualities.values()]);
  // Before any value came, an empty chart says less than a sentence.
  if (counts.length === 0)
    return (
      <Card title={t("today.windows.title")}>
        <p className="quiet">{t("dayWindows.none")}</p>
      </Card>
    );
  return (
    <Card title={t("today.windows.title")}>
      <HouseDayChart
        positions={positions}
        qualities={qualities}
        bounds={bounds}
        seconds={seconds}
        title={t("today.windows.title")}
      />
      <div className="quality">
        <h3>{t("quality.title")}</h3>
        <ul>
          {counts.map(([name, count]) => (
            <li key={name}>
              <QualityMark quality={name} />
              <span>
                <strong>{t(`quality.${name}.name`)}</strong>{" "}
                <span className="quiet">
                  {t("quality.windows", { count })}
                  {name !== "measured" && `. ${t(`quality.${name}.text`)}`}
                </span>
              </span>
            </li>
          ))}
        </ul>
      </div>
      <DataTable
        summary={t("chart.table")}
        caption={t("today.windows.title")}
        columns={[
          t("day.window"),
          t("today.windows.drawn"),
          t("today.windows.fedIn"),
          t("today.windows.bought"),
          t("today.windows.sold"),
          t("day.price"),
          t("today.windows.meter"),
        ]}
        rows={[...positions].reverse().map((position) => {
          const price = prices.get(position.start);
          const quality = qualities.get(position.start);
          const isKnown = position.meters > position.meters_missing;
          return [
            formats.span(position.start, position.start + seconds),
            isKnown ? formats.energy(position.import_wh) : "–",
            isKnown ? formats.energy(position.export_wh) : "–",
            formats.energy(position.bought_wh),
            formats.energy(position.sold_wh),
            price ? formats.price(price.atoms_per_kwh) : "–",
            <Value key="value" quality={quality} isFinal={position.is_final} />,
          ];
        })}
      />
    </Card>
  );
}

function Value({ quality, isFinal }: { quality: Quality | undefined; isFinal: boolean }) {
  const { t } = useTranslation();
  if (!quality) return "–";
  return (
    <span className="quality__value">
      <QualityMark quality={quality} /> {t(`quality.${quality}.name`)}
      {isFinal && quality !== "estimated" && `, ${t("today.windows.final")}`}
    </span>
  );
}
