// Where energy came from, step by step: bars of what neighbours, the household itself and the supplier gave, and a table behind them.

import { scaleLinear } from "d3-scale";
import { useTranslation } from "react-i18next";

import type { PeriodKind } from "../../format/period";
import { useFormats } from "../../format/use-formats";
import { hoursBetween } from "../../market/hours";
import { SOURCES } from "../../market/Sources";
import { DataTable } from "../../ui";
import { Chart } from "../../ui/Chart";
import { useWidth } from "../../ui/use-width";
import { drawnIn, sumOfMix, type OriginStep } from "./origin";

const HEIGHT = 220;
const MARGIN = { top: 10, right: 4, bottom: 24, left: 40 };
export const PARTS = ["neighbours", "own", "supplier"] as const;

export function OriginChart(props: {
  steps: readonly OriginStep[];
  bounds: readonly [number, number];
  kind: PeriodKind;
  title: string;
}) {
  const { steps, bounds, kind, title } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const [figure, width] = useWidth<HTMLDivElement>();
  const most = Math.max(...steps.map(drawnIn), 50);
  const x = scaleLinear(bounds, [MARGIN.left, Math.max(width - MARGIN.right, 1)]);
  const y = scaleLinear([0, most], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice();
  const nameOf = (step: OriginStep) => {
    if (kind === "day") return formats.span(step.start, step.end);
    return kind === "month" ? formats.shortDay(step.start) : formats.month(step.start + 43_200);
  };
  const marks: readonly (readonly [number, string])[] =
    kind === "day"
      ? hoursBetween(bounds, width).map((hour) => [hour, formats.time(hour)] as const)
      : marksOf(bounds, kind, width).map((time) => [
          time,
          kind === "month" ? formats.shortDay(time) : formats.shortMonth(time),
        ]);
  const known = SOURCES.filter((name) => steps.some(({ neighbours }) => neighbours[name]));
  return (
    <figure className="house-day">
      <div ref={figure}>
        <Chart
          width={width}
          height={HEIGHT}
          margin={MARGIN}
          name={title}
          grid={{ scale: y, count: 4, label: (energy) => formats.kWh(energy) }}
        >
          {marks.map(([time, text]) => (
            <text key={time} x={x(time)} y={HEIGHT - 6} textAnchor="middle">
              {text}
            </text>
          ))}
          {steps.map((step) => {
            const bar = Math.max((x(step.end) - x(step.start)) * 0.75, 1);
            const left = (x(step.start) + x(step.end) - bar) / 2;
            let below = 0;
            return PARTS.map((part) => {
              const energy = part === "neighbours" ? sumOfMix(step.neighbours) : step[part];
              const from = below;
              below += energy;
              return (
                energy > 0 && (
                  <rect
                    key={`${step.start}-${part}`}
                    className={`origin__bar origin__bar--${part}`}
                    x={left}
                    width={bar}
                    y={y(below)}
                    height={y(from) - y(below)}
                  />
                )
              );
            });
          })}
        </Chart>
      </div>
      <figcaption className="day__legend">
        {PARTS.map((part) => (
          <span key={part} className={`day__key origin__key--${part}`}>
            {t(`label.${part}`)}
          </span>
        ))}
      </figcaption>
      <DataTable
        summary={t("chart.table")}
        caption={title}
        columns={[
          t(`origin.step.${kind}`),
          ...known.map((name) => t("origin.from", { source: t(`sources.${name}`) })),
          t("label.own"),
          t("label.supplier"),
        ]}
        rows={steps.map((step) => [
          nameOf(step),
          ...known.map((name) => formats.energy(step.neighbours[name] ?? 0)),
          formats.energy(step.own),
          formats.energy(step.supplier),
        ])}
      />
    </figure>
  );
}

/** Under which days or months something is written. */
function marksOf(
  [since, until]: readonly [number, number],
  kind: "month" | "year",
  width: number,
): number[] {
  const count = (kind === "month" ? 6 : 12) / (width < 480 ? 2 : 1);
  const each = (until - since) / count;
  return Array.from({ length: count }, (_, at) => since + (at + 0.5) * each);
}
