// A day of the market, window by window: prices between what the supplier takes and gives, and what was traded.

import { scaleLinear } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import { DataTable } from "../ui";
import { Chart } from "../ui/Chart";
import { useWidth } from "../ui/use-width";
import { hoursBetween } from "./hours";

/** A window, as it is drawn; prices in atoms per kWh, energy in Wh. */
export type DayWindow = Readonly<{
  start: number;
  /** Undefined if nothing was traded, or not yet. */
  price: number | undefined;
  volume: number;
  retail: number;
  feedIn: number;
  isOver: boolean;
}>;

const HEIGHT = 260;
const MARGIN = { top: 14, right: 4, bottom: 24, left: 34 };
const VOLUMES = 56;

export function DayChart(props: {
  windows: readonly DayWindow[];
  bounds: readonly [number, number];
  seconds: number;
  now: number | undefined;
  title: string;
}) {
  const { windows, bounds, seconds, now } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const [figure, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<number>();

  const x = scaleLinear(bounds, [MARGIN.left, Math.max(width - MARGIN.right, 1)]);
  const prices = windows.flatMap(({ price, retail, feedIn }) => [price ?? feedIn, retail, feedIn]);
  const [low, high] = [Math.min(...prices, 0), Math.max(...prices, 1)];
  const y = scaleLinear([low, high * 1.05], [HEIGHT - MARGIN.bottom - VOLUMES - 12, MARGIN.top]);
  const most = Math.max(...windows.map(({ volume }) => volume), 1);
  const tall = scaleLinear([0, most], [0, VOLUMES]);
  const bar = Math.max((x(seconds) - x(0)) * 0.72, 1);

  const ends =
    windows.length > 0
      ? [...windows, { ...windows.at(-1)!, start: windows.at(-1)!.start + seconds }]
      : [];
  const traded = ends.map((window) => ({ ...window, isDrawn: window.price !== undefined }));
  const priceLine = line<(typeof traded)[number]>(
    ({ start }) => x(start),
    ({ price }) => y(price ?? 0),
  )
    .defined(({ isDrawn }) => isDrawn)
    .curve(curveStepAfter);
  const band = area<DayWindow>(
    ({ start }) => x(start),
    ({ feedIn }) => y(feedIn),
    ({ retail }) => y(retail),
  ).curve(curveStepAfter);

  const shown =
    windows.find(({ start }) => start === pointed) ??
    windows.findLast(({ price }) => price !== undefined);
  const hours = hoursBetween(bounds, width);
  return (
    <figure className="day">
      <p className="day__reading number" aria-live="off">
        {shown ? (
          <>
            <strong>{formats.span(shown.start, shown.start + seconds)}</strong>
            <span>{shown.price === undefined ? t("day.nothing") : formats.price(shown.price)}</span>
            {shown.price !== undefined && <span>{formats.energy(shown.volume)}</span>}
          </>
        ) : (
          <span>{t("day.none")}</span>
        )}
      </p>
      <div ref={figure}>
        <Chart
          width={width}
          height={HEIGHT}
          margin={MARGIN}
          name={props.title}
          grid={{ scale: y, count: 4, label: (price) => Math.round(formats.centsOf(price)) }}
          onPointerMove={(event) => {
            const at = x.invert(event.clientX - event.currentTarget.getBoundingClientRect().left);
            setPointed(windows.find(({ start }) => start <= at && at < start + seconds)?.start);
          }}
          onPointerLeave={() => setPointed(undefined)}
        >
          {hours.map((hour) => (
            <text key={hour} className="day__tick" x={x(hour)} y={HEIGHT - 6} textAnchor="middle">
              {formats.time(hour)}
            </text>
          ))}
          <path className="day__band" d={band(ends) ?? ""} />
          {windows.map(({ start, volume, price, isOver }) => (
            <rect
              key={start}
              className={`day__volume ${isOver ? "" : "day__volume--coming"}`}
              data-pointed={start === shown?.start}
              x={x(start)}
              width={bar}
              y={HEIGHT - MARGIN.bottom - (price === undefined ? 0 : Math.max(tall(volume), 1))}
              height={price === undefined ? 0 : Math.max(tall(volume), 1)}
              rx={Math.min(bar / 3, 3)}
            />
          ))}
          <path className="day__price" d={priceLine(traded) ?? ""} />
          {now !== undefined && now > bounds[0] && now < bounds[1] && (
            <g className="day__now">
              <line x1={x(now)} x2={x(now)} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
              <circle cx={x(now)} cy={MARGIN.top} r="3.5" />
            </g>
          )}
        </Chart>
      </div>
      <figcaption className="day__legend">
        <span className="day__key day__key--price">{t("day.price")}</span>
        <span className="day__key day__key--volume">{t("day.volume")}</span>
        <span className="day__key day__key--band">{t("day.band")}</span>
      </figcaption>
      <DataTable
        summary={t("chart.table")}
        caption={props.title}
        columns={[
          t("day.window"),
          t("day.price"),
          t("day.volume"),
          t("day.retail"),
          t("day.feedIn"),
        ]}
        rows={windows.map(({ start, price, volume, retail, feedIn }) => [
          formats.span(start, start + seconds),
          price === undefined ? "–" : formats.price(price),
          formats.energy(volume),
          formats.price(retail),
          formats.price(feedIn),
        ])}
      />
    </figure>
  );
}
