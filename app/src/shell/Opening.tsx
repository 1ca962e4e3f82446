// Until the market is open.

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMarketState } from "../chain/market-context";
import { Waiting } from "../ui";

/** Longer than that is told of. */
const LONG_MILLISECONDS = 6_000;

export function Opening() {
  const { t } = useTranslation();
  const { link } = useMarketState();
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), LONG_MILLISECONDS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <h1 className="hidden-but-read">{t("nav.market")}</h1>
      <Waiting>
        {t("market.opening")}
        {isLong && link !== "interrupted" && (
          <span className="quiet small"> {t("weather.slow")}</span>
        )}
      </Waiting>
    </>
  );
}
