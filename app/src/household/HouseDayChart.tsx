// A household's day, window by window: above the line what it drew, below what it fed in, by whom it came from or went to.

import { scaleLinear } from "d3-scale";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import type { Schemas } from "../indexer/client";
import { Chart } from "../ui/Chart";
import { useWidth } from "../ui/use-width";
import { hoursBetween } from "../market/hours";
import { flowsOf } from "../bill/account";
import type { Quality } from "./today/quality";

const HEIGHT = 240;
/** Below the bars stands what the values are worth, and below that the hours. */
const MARGIN = { top: 10, right: 4, bottom: 42, left: 40 };
const STRIP = { top: HEIGHT - 34, height: 8 };

export function HouseDayChart(props: {
  positions: readonly Schemas["PositionItem"][];
  /** What the meter's values are worth, by window. */
  qualities: ReadonlyMap<number, Quality | undefined>;
  bounds: readonly [number, number];
  seconds: number;
  title: string;
}) {
  const { positions, qualities, bounds, seconds, title } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const [figure, width] = useWidth<HTMLDivElement>();
  const flows = positions.map((position) => ({ start: position.start, ...flowsOf(position) }));
  const most = Math.max(...flows.map((each) => each.fromNeighbours + each.fromSupplier), 50);
  const least = Math.max(...flows.map((each) => each.toNeighbours + each.toSupplier), 50);
  const x = scaleLinear(bounds, [MARGIN.left, Math.max(width - MARGIN.right, 1)]);
  const y = scaleLinear([-least, most], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice();
  const bar = Math.max((x(seconds) - x(0)) * 0.75, 1);
  return (
    <figure className="house-day">
      <div ref={figure}>
        <Chart
          width={width}
          height={HEIGHT}
          margin={MARGIN}
          name={title}
          grid={{ scale: y, count: 4, label: (energy) => formats.kWh(Math.abs(energy)) }}
        >
          {hoursBetween(bounds, width).map((hour) => (
            <text key={hour} x={x(hour)} y={HEIGHT - 6} textAnchor="middle">
              {formats.time(hour)}
            </text>
          ))}
          {flows.map((each) => {
            const drawn = each.fromNeighbours + each.fromSupplier;
            const fedIn = each.toNeighbours + each.toSupplier;
            const parts = [
              ["neighbours", each.fromNeighbours, 0],
              ["supplier", drawn, each.fromNeighbours],
              ["neighbours", 0, -each.toNeighbours],
              ["left", -each.toNeighbours, -fedIn],
            ] as const;
            return parts.map(
              ([kind, upper, lower], at) =>
                upper > lower && (
                  <rect
                    key={`${each.start}-${at}`}
                    className={`house-day__bar house-day__bar--${kind}`}
                    x={x(each.start)}
                    width={bar}
                    y={y(upper)}
                    height={y(lower) - y(upper)}
                  />
                ),
            );
          })}
          {positions.map(({ start }) => {
            const quality = qualities.get(start);
            return (
              quality && (
                <rect
                  key={start}
                  className={`house-day__quality house-day__quality--${quality}`}
                  x={x(start)}
                  width={bar}
                  y={STRIP.top + (quality === "measured" ? STRIP.height - 2 : 0)}
                  height={quality === "measured" ? 2 : STRIP.height}
                />
              )
            );
          })}
          <line
            className="house-day__zero"
            x1={MARGIN.left}
            x2={width - MARGIN.right}
            y1={y(0)}
            y2={y(0)}
          />
        </Chart>
      </div>
      <figcaption className="day__legend">
        {(["neighbours", "supplier", "left"] as const).map((kind) => (
          <span key={kind} className={`day__key house-day__key--${kind}`}>
            {t(`houseDay.${kind}`)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
