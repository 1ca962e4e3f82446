// Until the market is open.

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { Waiting } from "../ui";

/** Longer than that is told of. */
const LONG_MILLISECONDS = 6_000;

export function Opening() {
  const { t } = useTranslation();
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), LONG_MILLISECONDS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Waiting>
      {t("market.opening")}
      {isLong && <span className="quiet small"> {t("weather.slow")}</span>}
    </Waiting>
  );
}
