// What is to be known of what is shown: that it is old, incomplete, or made up.

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMarketState, useNow } from "../chain/market-context";
import { useFormats } from "../format/use-formats";
import { useIndexer } from "../indexer/context";
import { useGaps, useIndexerState } from "../market/queries";
import { Notice } from "../ui";
import { Boundary } from "../ui/Boundary";

/** Of the chain's clock, or so many windows: an indexer that is this far behind is told of. */
const WINDOWS_BEHIND = 2;

export function Banners() {
  const { t } = useTranslation();
  const isOnline = useOnline();
  const { link, lag, market } = useMarketState();
  const shown = [
    // A node of this machine is there without any network.
    !isOnline && link !== "live" && <Notice key="offline" alarm title={t("banner.offline")} />,
    isOnline && link === "interrupted" && (
      <Notice key="chain" alarm title={t("banner.chain")}>
        {t(market ? "banner.chainHint" : "weather.nothingYet")}
      </Notice>
    ),
    lag !== undefined && (
      <Notice key="lag" title={t("banner.lag", { count: Math.round(lag / 60) })} />
    ),
    // Without any network, that says it all.
    isOnline && market && (
      // Whatever it answers, the present stays.
      <Boundary key="indexer">
        <IndexerBanner windowSeconds={market.parameters.windowSeconds} />
      </Boundary>
    ),
  ].filter(Boolean);
  return shown.length > 0 ? <div className="banners">{shown}</div> : null;
}

function IndexerBanner({ windowSeconds }: { windowSeconds: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(5_000);
  const indexer = useIndexer();
  const { link } = useMarketState();
  const { data: state, isError } = useIndexerState();
  const { data: gaps } = useGaps();
  if (!indexer) return null;
  if (isError)
    return (
      <Notice alarm title={t("banner.indexer")}>
        {link === "live" && t("banner.indexerHint")}
      </Notice>
    );
  const isBehind =
    state?.time && now !== undefined && now - state.time > WINDOWS_BEHIND * windowSeconds;
  const latest = gaps?.filter(({ kind }) => kind !== "events").at(-1);
  return (
    <>
      {isBehind && <Notice title={t("banner.behind", { time: formats.dayTime(state.time!) })} />}
      {latest && (
        <Notice
          title={t("banner.gap", {
            since: formats.dayTime(latest.since),
            until: formats.dayTime(latest.until),
          })}
        />
      )}
    </>
  );
}

function useOnline(): boolean {
  const [isOnline, setIsOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setIsOnline(navigator.onLine);
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => {
      window.removeEventListener("online", look);
      window.removeEventListener("offline", look);
    };
  }, []);
  return isOnline;
}
