// The window that closes next: what it would come to now, and until when orders are taken.

import { Phase } from "./phase";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { DeliveryWindow } from "@joulebook/client";

import { useMarket, useMarketState, useNow } from "../chain/market-context";
import { useFormats } from "../format/use-formats";
import { Choice, Waiting } from "../ui";
import { CrossingChart } from "./CrossingChart";
import { crossingOf } from "./crossing";
import "./market.css";

/** `level` is that of its heading. */
export function NextWindow({ level = 1 }: { level?: 1 | 2 }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { windows } = useMarketState();
  const now = useNow(250);
  const [chosen, setChosen] = useState<string>();
  const shown = shownWindows(windows, now);
  const next = shown.find((window) => isOpen(window, now)) ?? shown.at(-1);
  const window = shown.find(({ start }) => String(start) === chosen) ?? next;
  if (!window) return <Waiting>{t("window.waiting")}</Waiting>;
  const Heading = `h${level}` as const;
  return (
    <section className="next" aria-labelledby="next-title">
      <div className="next__words">
        <Heading id="next-title" className="next__title">
          {t(window === next ? "window.title" : "window.other", {
            span: formats.span(window.start, window.end),
          })}
        </Heading>
        <Outcome window={window} />
        <Countdown window={window} now={now} />
      </div>
      <CrossingChart window={window} />
      <div className="next__windows">
        <Choice
          label={t("window.choose")}
          value={String(window.start)}
          options={shown.map(({ start }) => ({
            value: String(start),
            label: <span className="number">{formats.time(start)}</span>,
          }))}
          onChange={(start) => setChosen(start === String(next?.start) ? undefined : start)}
        />
      </div>
    </section>
  );
}

export function isOpen({ phase, gate }: DeliveryWindow, now: number | undefined): boolean {
  return phase === Phase.Open && (now === undefined || now < Number(gate));
}

/** Those that take orders, and the two before them. */
function shownWindows(windows: readonly DeliveryWindow[], now: number | undefined) {
  const first = windows.findIndex((window) => isOpen(window, now));
  return windows.slice(Math.max((first < 0 ? windows.length : first) - 2, 0)).slice(0, 7);
}

function Outcome({ window }: { window: DeliveryWindow }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const crossing = crossingOf(window);
  const { header } = window.book;
  const isCleared = window.clearing !== undefined;
  if (!crossing)
    return (
      <>
        <p className="next__none">{t(isCleared ? "window.noTrade" : "window.noPrice")}</p>
        <p className="next__sentence">
          {isCleared ? t("window.nothingTraded") : t("window.nothingYet")}
        </p>
      </>
    );
  const saved = header.short - crossing.price - header.gridFee;
  return (
    <>
      <p className="next__price">
        <span className="next__number number">{formats.cents(crossing.price)}</span>
        <span className="next__unit">{formats.priceUnit}</span>
      </p>
      <p className="next__sentence">
        {t(isCleared ? "window.traded" : "window.wouldTrade", {
          energy: formats.energy(crossing.volume),
        })}{" "}
        {saved > 0 && t("window.cheaper", { price: formats.cents(saved) })}
      </p>
    </>
  );
}

function Countdown({ window, now }: { window: DeliveryWindow; now: number | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { parameters } = useMarket();
  if (now === undefined) return null;
  const { start, end, gate } = window;
  const stage =
    now < Number(gate) && window.phase === Phase.Open
      ? {
          name: "closes" as const,
          from: Number(start) - parameters.terms.horizon,
          to: Number(gate),
        }
      : now < Number(start)
        ? { name: "starts" as const, from: Number(gate), to: Number(start) }
        : now < Number(end)
          ? { name: "ends" as const, from: Number(start), to: Number(end) }
          : undefined;
  if (!stage) return <p className="next__stage">{t("window.over")}</p>;
  const passed = Math.min(Math.max((now - stage.from) / (stage.to - stage.from), 0), 1);
  return (
    <div className="next__stage">
      <p>
        {t(`window.${stage.name}`)}{" "}
        <strong className="number" role="timer">
          {formats.countdown(stage.to - now)}
        </strong>
      </p>
      <span className="next__bar" aria-hidden>
        <span style={{ inlineSize: `${(1 - passed) * 100}%` }} />
      </span>
    </div>
  );
}
