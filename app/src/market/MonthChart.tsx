// The market's last thirty days: what prices were between, what they were on average, and what was traded.

import { scaleLinear } from "d3-scale";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import type { Schemas } from "../indexer/client";
import { DataTable } from "../ui";
import { Chart } from "../ui/Chart";
import { useWidth } from "../ui/use-width";

const HEIGHT = 260;
const MARGIN = { top: 14, right: 4, bottom: 24, left: 34 };
const VOLUMES = 56;
const DAY = 86_400;
/** Every so many days has its date below, where there is room or little of it. */
const [OFTEN, SELDOM] = [5, 10];
const NARROW = 480;

export function MonthChart(props: {
  days: readonly Schemas["PricesItem"][];
  bounds: readonly [number, number];
  title: string;
}) {
  const { days, bounds, title } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const [figure, width] = useWidth<HTMLDivElement>();
  const traded = days.filter(({ price }) => price);
  const atoms = (of: Schemas["PricesItem"]["price"]) => of?.atoms_per_kwh ?? 0;
  const x = scaleLinear(bounds, [MARGIN.left, Math.max(width - MARGIN.right, 1)]);
  const highest = Math.max(...traded.map((day) => atoms(day.highest)), 1);
  const lowest = Math.min(...traded.map((day) => atoms(day.lowest)), 0);
  const y = scaleLinear(
    [lowest, highest * 1.05],
    [HEIGHT - MARGIN.bottom - VOLUMES - 12, MARGIN.top],
  );
  const most = Math.max(...days.map(({ volume_wh }) => volume_wh), 1);
  const bar = (x(DAY) - x(0)) * 0.6;
  const step = width < NARROW ? SELDOM : OFTEN;
  return (
    <figure className="day">
      <div ref={figure}>
        <Chart
          width={width}
          height={HEIGHT}
          margin={MARGIN}
          name={title}
          grid={{ scale: y, count: 4, label: (price) => Math.round(formats.centsOf(price)) }}
        >
          {days.map((day) => {
            const left = x(Math.floor((day.start - bounds[0]) / DAY) * DAY + bounds[0]);
            const tall = (VOLUMES * day.volume_wh) / most;
            return (
              <g key={day.start}>
                <rect
                  className="day__volume"
                  x={left}
                  width={bar}
                  y={HEIGHT - MARGIN.bottom - tall}
                  height={tall}
                  rx="2"
                />
                {day.price && (
                  <>
                    <rect
                      className="month__range"
                      x={left}
                      width={bar}
                      y={y(atoms(day.highest))}
                      height={Math.max(y(atoms(day.lowest)) - y(atoms(day.highest)), 2)}
                      rx="2"
                    />
                    <line
                      className="day__price"
                      x1={left}
                      x2={left + bar}
                      y1={y(atoms(day.price))}
                      y2={y(atoms(day.price))}
                    />
                  </>
                )}
              </g>
            );
          })}
          {Array.from({ length: Math.floor(30 / step) }, (_, at) => at * step).map((at) => (
            <text key={at} x={x(bounds[0] + at * DAY) + bar / 2} y={HEIGHT - 6}>
              {formats.shortDay(bounds[0] + at * DAY + DAY / 2)}
            </text>
          ))}
        </Chart>
      </div>
      <figcaption className="day__legend">
        <span className="day__key day__key--price">{t("month.mean")}</span>
        <span className="day__key month__key--range">{t("month.range")}</span>
        <span className="day__key day__key--volume">{t("day.volume")}</span>
      </figcaption>
      <DataTable
        summary={t("chart.table")}
        caption={title}
        columns={[t("day.choose"), t("month.mean"), t("month.range"), t("day.volume")]}
        rows={days.map((day) => [
          formats.shortDay(day.start + DAY / 2),
          day.price ? formats.price(atoms(day.price)) : "–",
          day.price
            ? `${formats.cents(atoms(day.lowest))} – ${formats.price(atoms(day.highest))}`
            : "–",
          formats.energy(day.volume_wh),
        ])}
      />
    </figure>
  );
}
