// The supplier's two prices across a picture: no neighbour asks or pays what is beyond them.

import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";

/** Above the one line, below the other. */
const TEXTS = [
  ["retail", "short", -6],
  ["feedIn", "long", 14],
] as const;

export function TariffLines(props: {
  className: string;
  /** Atoms per kWh. */
  tariff: Readonly<{ short: number; long: number }>;
  left: number;
  right: number;
  /** Of a price. */
  y: (price: number) => number;
}) {
  const { className, tariff, left, right, y } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  return TEXTS.map(([name, of, dy]) => {
    const price = tariff[of];
    return (
      <g key={name} className={className}>
        <line x1={left} x2={right} y1={y(price)} y2={y(price)} />
        <text x={right} y={y(price)} dy={dy} textAnchor="end">
          {t(`crossing.${name}`, { price: formats.cents(price) })}
        </text>
      </g>
    );
  });
}
