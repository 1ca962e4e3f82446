// Prices as they would be, over what stands; the tables beside it have the same in rows.

import { scaleLinear } from "d3-scale";
import { curveStepAfter, line } from "d3-shape";
import { useTranslation } from "react-i18next";

import { useFormats } from "../../format/use-formats";
import { hoursBetween } from "../../market/hours";
import { Chart } from "../../ui/Chart";
import { useWidth } from "../../ui/use-width";
import type { PlannedWindow } from "./price-plan";

const HEIGHT = 220;
const MARGIN = { top: 14, right: 4, bottom: 24, left: 34 };
const LINES = ["short", "long"] as const;
/** Hours have room below so many of them. */
const MOST_HOURS = 36;

export function PriceChart(props: { windows: readonly PlannedWindow[]; seconds: number }) {
  const { windows, seconds } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const [figure, width] = useWidth<HTMLDivElement>();
  const [first, last] = [windows[0]!, windows.at(-1)!];
  const bounds = [first.start, last.start + seconds] as const;
  const all = windows.flatMap(({ before, wanted }) => [
    ...[before.short, before.long, wanted.short, wanted.long],
  ]);
  const x = scaleLinear(bounds, [MARGIN.left, Math.max(width - MARGIN.right, 1)]);
  const y = scaleLinear(
    [Math.min(...all, 0), Math.max(...all, 1) * 1.05],
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  );
  const ends = [...windows, { ...last, start: bounds[1] }];
  const path = (of: (window: PlannedWindow) => number) =>
    line<PlannedWindow>(
      ({ start }) => x(start),
      (window) => y(of(window)),
    ).curve(curveStepAfter)(ends) ?? "";
  const isShort = bounds[1] - bounds[0] <= MOST_HOURS * 3_600;
  const hours = isShort ? hoursBetween(bounds, width) : [];
  return (
    <figure className="day">
      <div ref={figure}>
        <Chart
          width={width}
          height={HEIGHT}
          margin={MARGIN}
          name={t("desk.prices.chart")}
          grid={{ scale: y, count: 4, label: (price) => Math.round(formats.centsOf(price)) }}
        >
          {hours.map((hour) => (
            <text key={hour} className="day__tick" x={x(hour)} y={HEIGHT - 6} textAnchor="middle">
              {formats.time(hour)}
            </text>
          ))}
          {hours.length === 0 &&
            bounds.map((end, at) => (
              <text
                key={end}
                className="day__tick"
                x={x(end)}
                y={HEIGHT - 6}
                textAnchor={at === 0 ? "start" : "end"}
              >
                {formats.dayTime(end)}
              </text>
            ))}
          {LINES.map((name) => (
            <g key={name} className={`posted posted--${name}`}>
              <path className="posted__before" d={path(({ before }) => before[name])} />
              <path
                className="posted__after"
                d={path(({ before, wanted, kept }) => (kept ? before : wanted)[name])}
              />
            </g>
          ))}
        </Chart>
      </div>
      <figcaption className="day__legend">
        <span className="day__key posted__key--short">{t("desk.prices.short")}</span>
        <span className="day__key posted__key--long">{t("desk.prices.long")}</span>
        <span className="day__key posted__key--before">{t("desk.prices.before")}</span>
      </figcaption>
    </figure>
  );
}
