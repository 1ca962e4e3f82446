import type { ScaleLinear } from "d3-scale";
import type { ReactNode, SVGProps } from "react";

type Grid = Readonly<{
  /** From values to heights. */
  scale: ScaleLinear<number, number>;
  /** About so many lines. */
  count: number;
  label: (value: number) => string | number;
}>;

/** A chart with lines across it, each with the value that it stands for beside it. Nothing while it is not known how wide it is. */
export function Chart({
  width,
  height,
  margin,
  name,
  grid,
  children,
  ...handlers
}: Readonly<{
  width: number;
  height: number;
  margin: Readonly<{ left: number; right: number }>;
  name: string;
  grid: Grid;
  children: ReactNode;
}> &
  Pick<SVGProps<SVGSVGElement>, "onPointerMove" | "onPointerLeave">) {
  if (width === 0) return null;
  return (
    <svg width={width} height={height} role="img" aria-label={name} {...handlers}>
      {grid.scale.ticks(grid.count).map((value) => (
        <Line key={value} from={margin.left} to={width - margin.right} at={grid.scale(value)}>
          {grid.label(value)}
        </Line>
      ))}
      {children}
    </svg>
  );
}

function Line(props: { from: number; to: number; at: number; children: ReactNode }) {
  const { from, to, at, children } = props;
  return (
    <g className="chart__grid">
      <line x1={from} x2={to} y1={at} y2={at} />
      <text x={from - 8} y={at} dy="0.35em" textAnchor="end">
        {children}
      </text>
    </g>
  );
}
