// Supply and demand of a window, and where they cross.

import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { useTranslation } from "react-i18next";

import type { DeliveryWindow } from "@joulebook/client";

import { useFormats } from "../format/use-formats";
import { DataTable } from "../ui";
import { Chart } from "../ui/Chart";
import { useWidth } from "../ui/use-width";
import { crossingOf, stairsOf, type Corner } from "./crossing";
import { TariffLines } from "./TariffLines";

const HEIGHT = 320;
const MARGIN = { top: 18, right: 14, bottom: 34, left: 44 };

/** The limit of an order that is about to be placed. */
export type DraftOrder = Readonly<{ side: "buy" | "sell"; price: number; energy: number }>;

export function CrossingChart(props: { window: DeliveryWindow; draft?: DraftOrder | undefined }) {
  const { window, draft } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const [figure, width] = useWidth<HTMLDivElement>();
  const { header } = window.book;
  const crossing = crossingOf(window);

  const bounds = priceBounds(window);
  const { demand, supply } = stairsOf(window.curves, [header.long, header.short]);
  const most = Math.max(...[...demand, ...supply].map(({ energy }) => energy), 500);
  const x = scaleLinear([0, most * 1.06], [MARGIN.left, Math.max(width - MARGIN.right, 1)]);
  const y = scaleLinear(bounds, [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const path = line<Corner>(
    ({ energy }) => x(energy),
    ({ price }) => y(price),
  );
  const gain = crossing && gainBetween(demand, supply, Number(crossing.volume));
  const isEmpty = window.curves.demand.length + window.curves.supply.length === 0;
  const about = crossing
    ? t("crossing.about", {
        price: formats.price(crossing.price),
        energy: formats.energy(crossing.volume),
      })
    : t("crossing.aboutNone");

  return (
    <figure className="crossing">
      <div ref={figure} className="crossing__plot">
        <Chart
          width={width}
          height={HEIGHT}
          margin={MARGIN}
          name={about}
          grid={{ scale: y, count: 5, label: (price) => Math.round(formats.centsOf(price)) }}
        >
          {x.ticks(width < 420 ? 3 : 5).map((energy) => (
            <text
              key={energy}
              className="crossing__tick"
              x={x(energy)}
              y={HEIGHT - MARGIN.bottom + 18}
              textAnchor="middle"
            >
              {formats.kWh(Math.round(energy))}
            </text>
          ))}
          <text className="crossing__tick" x={width - MARGIN.right} y={HEIGHT - 2} textAnchor="end">
            kWh
          </text>
          <text className="crossing__tick" x={MARGIN.left - 8} y={10} textAnchor="end">
            ct
          </text>
          <TariffLines
            className="crossing__tariff"
            tariff={header}
            left={MARGIN.left}
            right={width - MARGIN.right}
            y={y}
          />
          {gain && (
            <path
              className="crossing__gain"
              d={
                area<(typeof gain)[number]>(
                  ({ energy }) => x(energy),
                  ({ from }) => y(from),
                  ({ to }) => y(to),
                )(gain) ?? ""
              }
            />
          )}
          {!isEmpty && (
            <>
              <path className="crossing__demand" d={path(demand) ?? ""} />
              <path className="crossing__supply" d={path(supply) ?? ""} />
            </>
          )}
          {draft && (
            <g className="crossing__draft">
              <line
                className="crossing__limit"
                x1={MARGIN.left}
                x2={width - MARGIN.right}
                y1={y(draft.price)}
                y2={y(draft.price)}
              />
              <line
                x1={x(0)}
                x2={x(Math.max(draft.energy, most * 0.03))}
                y1={y(draft.price)}
                y2={y(draft.price)}
              />
              <text x={width - MARGIN.right} y={y(draft.price)} dy="-8" textAnchor="end">
                {t("crossing.yours")}
              </text>
            </g>
          )}
          {crossing && (
            <g className="crossing__point">
              <line
                x1={MARGIN.left}
                x2={x(Number(crossing.volume))}
                y1={y(crossing.price)}
                y2={y(crossing.price)}
              />
              <circle cx={x(Number(crossing.volume))} cy={y(crossing.price)} r="8" />
            </g>
          )}
          {isEmpty && (
            <text className="crossing__none" x={width / 2} y={HEIGHT / 2} textAnchor="middle">
              {t("crossing.empty")}
            </text>
          )}
        </Chart>
      </div>
      <figcaption className="crossing__legend">
        <span className="crossing__key crossing__key--demand">{t("crossing.demand")}</span>
        <span className="crossing__key crossing__key--supply">{t("crossing.supply")}</span>
        {crossing && (
          <span className="crossing__key crossing__key--gain">{t("crossing.gain")}</span>
        )}
      </figcaption>
      <DataTable
        summary={t("chart.table")}
        caption={t("crossing.caption")}
        columns={[t("crossing.price"), t("crossing.demand"), t("crossing.supply")]}
        rows={rowsOf(window).map(([price, asked, offered]) => [
          formats.price(price),
          formats.energy(asked),
          formats.energy(offered),
        ])}
      />
    </figure>
  );
}

/** From a little below the feed-in tariff to a little above the retail price, and whatever is ordered beyond. */
function priceBounds({ book: { header }, curves }: DeliveryWindow): readonly [number, number] {
  const prices = [...curves.demand, ...curves.supply].map(({ price }) => price as number);
  const all = [header.short, header.long, ...prices];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = Math.max((high - low) * 0.08, 1);
  return [low - room, high + room];
}

/** At each energy up to what is traded: what its buyers would pay at most, and its sellers take at least. */
function gainBetween(demand: readonly Corner[], supply: readonly Corner[], volume: number) {
  const steps = [...new Set([...demand, ...supply].map(({ energy }) => energy))]
    .filter((energy) => energy <= volume)
    .concat(volume)
    .sort((one, other) => one - other);
  return steps.slice(1).flatMap((energy, at) => {
    const from = priceOver(supply, energy);
    const to = priceOver(demand, energy);
    return [
      { energy: steps[at]!, from, to },
      { energy, from, to },
    ];
  });
}

/** The price of the stair that ends at this energy or behind it. */
function priceOver(corners: readonly Corner[], energy: number): number {
  return (corners.find((corner) => corner.energy >= energy) ?? corners.at(-1)!).price;
}

/** For each price at which something is ordered: what is asked for and offered there in all. */
function rowsOf({ curves }: DeliveryWindow): (readonly [number, bigint, bigint])[] {
  const { demand, supply } = curves;
  const prices = new Set([...demand, ...supply].map(({ price }) => price as number));
  return [...prices]
    .sort((one, other) => one - other)
    .map((price) => [
      price,
      demand.find((point) => point.price >= price)?.energy ?? 0n,
      supply.findLast((point) => point.price <= price)?.energy ?? 0n,
    ]);
}
