// A length of time in words: "3 h", "2 days".

import { useTranslation } from "react-i18next";

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

export function useSpan(): (seconds: number) => string {
  const { i18n } = useTranslation();
  return (seconds) => {
    const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? (["minute", 60] as const);
    return new Intl.NumberFormat(i18n.language, {
      ...{ style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 },
    }).format(Math.floor(seconds / length));
  };
}
