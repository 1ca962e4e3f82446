import type { ScaleLinear } from "d3-scale";

/** Lines across a chart from `left` to `right`, each with the value that it stands for beside it. */
export function ChartGrid(props: {
  /** From values to heights. */
  scale: ScaleLinear<number, number>;
  /** About so many lines. */
  count: number;
  left: number;
  right: number;
  label: (value: number) => string | number;
}) {
  const { scale, count, left, right, label } = props;
  return scale.ticks(count).map((value) => (
    <g key={value} className="chart__grid">
      <line x1={left} x2={right} y1={scale(value)} y2={scale(value)} />
      <text x={left - 8} y={scale(value)} dy="0.35em" textAnchor="end">
        {label(value)}
      </text>
    </g>
  ));
}
