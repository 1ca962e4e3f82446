// A standing order as a picture: how much it asks for over the day, and from which price on.

import type { Terms } from "@joulebook/client";
import { market as programs } from "@joulebook/client";
import { scaleLinear } from "d3-scale";
import { useTranslation } from "react-i18next";

import { useFormats } from "../../format/use-formats";
import { TariffLines } from "../../market/TariffLines";
import { DataTable } from "../../ui";
import { Chart } from "../../ui/Chart";
import { useWidth } from "../../ui/use-width";
import { limitIn, windowsOf, type DayBefore } from "./curve";
import { clockAt, clockOf } from "./half-hours";
import type { SaidRule } from "./sentence";

const HEIGHT = 190;
const MARGIN = { top: 26, right: 6, bottom: 26, left: 40 };
const DAY_SECONDS = 86_400;
const HOURS = [12, 24, 36];
/** Of what nobody knows beforehand, as high as half of the picture. */
const UNKNOWN = 0.5;

type Rule = SaidRule & Readonly<{ energyCap: bigint | number }>;

export function StandingCurve(props: {
  rule: Rule;
  terms: Pick<Terms, "short" | "long">;
  windowSeconds: number;
  before: DayBefore | undefined;
}) {
  const { rule, terms, windowSeconds, before } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const windows = windowsOf(rule, windowSeconds, before);
  const limit = limitIn(rule, terms);
  const side = rule.side === programs.Side.Buy ? "buy" : "sell";
  const known = windows.flatMap(({ energy }) => energy ?? []);
  const isKnown = known.length === windows.length;
  const sum = known.reduce((all, energy) => all + energy, 0);
  // Where nothing is known of the energy, no number stands beside it.
  const most = known.length > 0 ? Math.max(...known, 100) : undefined;
  return (
    <div className={`standing-curve standing-curve--${side}`}>
      <OverTheDay
        windows={windows}
        most={most}
        seconds={windowSeconds}
        name={t(isKnown ? "curve.day" : "curve.dayUnknown", { energy: formats.energy(sum) })}
      />
      <ByPrice
        most={most}
        terms={terms}
        limit={limit}
        isBuy={side === "buy"}
        name={t(`curve.price.${side}`, { price: formats.price(limit) })}
      />
      <DataTable
        summary={t("chart.table")}
        caption={t("curve.caption")}
        columns={[t("day.window"), t("bill.energy"), t(`trade.limit.${side}`)]}
        rows={windows.map(({ at, energy }) => [
          `${clockAt(at)}–${clockAt(at + windowSeconds)}`,
          energy === undefined ? t("curve.unknown") : formats.energy(energy),
          formats.price(limit),
        ])}
      />
    </div>
  );
}

function OverTheDay(props: {
  windows: ReturnType<typeof windowsOf>;
  most: number | undefined;
  seconds: number;
  name: string;
}) {
  const { windows, seconds, name } = props;
  const most = props.most ?? 1;
  const formats = useFormats();
  const [box, width] = useWidth<HTMLDivElement>();
  const x = scaleLinear([0, DAY_SECONDS], [MARGIN.left, Math.max(width - MARGIN.right, 1)]);
  const y = scaleLinear([0, most], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice();
  return (
    <figure>
      <figcaption>{name}</figcaption>
      <div ref={box}>
        <Chart
          width={width}
          height={HEIGHT}
          margin={MARGIN}
          name={name}
          grid={{
            scale: y,
            count: 3,
            label: (energy) => (props.most ? formats.kWh(Math.round(energy)) : ""),
          }}
        >
          {HOURS.map((half) => (
            <text key={half} x={x(half * 1_800)} y={HEIGHT - 8} textAnchor="middle">
              {clockOf(half)}
            </text>
          ))}
          <text x={MARGIN.left - 8} y={10} textAnchor="end">
            kWh
          </text>
          {windows.map(({ at, energy }) => (
            <rect
              key={at}
              className={energy === undefined ? "standing-curve__unknown" : "standing-curve__bar"}
              x={x(at)}
              width={Math.max((x(seconds) - x(0)) * 0.8, 1)}
              y={y(energy ?? most * UNKNOWN)}
              height={y(0) - y(energy ?? most * UNKNOWN)}
            />
          ))}
        </Chart>
      </div>
    </figure>
  );
}

/** In one window: nothing on the wrong side of the limit, all of it on the right one. */
function ByPrice(props: {
  most: number | undefined;
  terms: Pick<Terms, "short" | "long">;
  limit: number;
  isBuy: boolean;
  name: string;
}) {
  const { terms, limit, isBuy, name } = props;
  const most = props.most ?? 1;
  const formats = useFormats();
  const [box, width] = useWidth<HTMLDivElement>();
  const [low, high] = [Math.min(terms.long, limit), Math.max(terms.short, limit)];
  const room = Math.max((high - low) * 0.15, 1);
  const x = scaleLinear([0, most * 1.9], [MARGIN.left, Math.max(width - MARGIN.right, 1)]);
  const y = scaleLinear([low - room, high + room], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const [from, to] = isBuy ? [high + room, low - room] : [low - room, high + room];
  return (
    <figure>
      <figcaption>{name}</figcaption>
      <div ref={box}>
        <Chart
          width={width}
          height={HEIGHT}
          margin={MARGIN}
          name={name}
          grid={{ scale: y, count: 4, label: (price) => Math.round(formats.centsOf(price)) }}
        >
          <text x={MARGIN.left - 8} y={10} textAnchor="end">
            ct
          </text>
          {props.most !== undefined &&
            x
              .ticks(4)
              .filter((energy) => energy <= most * 1.2)
              .map((energy) => (
                <text key={energy} x={x(energy)} y={HEIGHT - 8} textAnchor="middle">
                  {formats.kWh(Math.round(energy))}
                </text>
              ))}
          <text x={width - MARGIN.right} y={HEIGHT - 8} textAnchor="end">
            kWh
          </text>
          <TariffLines
            className="standing-curve__tariff"
            tariff={terms}
            left={MARGIN.left}
            right={width - MARGIN.right}
            y={y}
          />
          <path
            className="standing-curve__line"
            d={`M${x(0)} ${y(from)} V${y(limit)} H${x(most)} V${y(to)}`}
          />
        </Chart>
      </div>
    </figure>
  );
}
