// What was signed before this page was loaded, or given up by it: what it is waited for, and what became of it.

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { useConfiguration } from "../../chain/market-context";
import { Button, Notice } from "../../ui";
import { TransactionLink } from "../../wallet/WalletMenu";
import { useHousehold } from "../context";
import { canKeep, type Unsettled, type Whose } from "./kept";
import { listenToRunning, runningOf } from "./running";
import { dismiss, listen, settled, unsettledOf, whoseOf } from "./unsettled";

/** An endpoint that says nothing is asked again after so long. */
const AGAIN_MILLISECONDS = 5_000;

export function UnsettledNotice() {
  const { market } = useHousehold();
  const whose = useMemo(() => whoseOf(market), [market]);
  const list = useSyncExternalStore(
    listen,
    useCallback(() => unsettledOf(whose), [whose]),
  );
  return (
    <>
      <Unkept whose={whose} />
      <Left whose={whose} />
      {list.map((each) => (
        <One key={each.pending.signature} told={each} whose={whose} />
      ))}
    </>
  );
}

/** Whoever signs should know before that a page loaded again would not. */
function Unkept({ whose }: { whose: Whose }) {
  const { t } = useTranslation();
  useSyncExternalStore(listenToRunning, () => runningOf(whose));
  if (canKeep()) return null;
  return (
    <Notice title={t("unsettled.unkept.title")}>
      <p>{t("unsettled.unkept.text")}</p>
    </Notice>
  );
}

/** What is on its way, and no form shows any more. */
function Left({ whose }: { whose: Whose }) {
  const { t } = useTranslation();
  const running = useSyncExternalStore(listenToRunning, () => runningOf(whose));
  if (!running?.isLeft) return null;
  return (
    <Notice title={t("unsettled.running.title")}>
      <p>
        <q>{running.what}</q>
      </p>
      <p>{t("unsettled.running.text")}</p>
    </Notice>
  );
}

function One({ told, whose }: { told: Unsettled; whose: Whose }) {
  const { t } = useTranslation();
  const { market } = useHousehold();
  const { explorer } = useConfiguration();
  useLookup(told, whose);
  const { fate, what, pending } = told;
  const key = fate ?? "waiting";
  return (
    <Notice
      alarm={fate !== undefined && fate !== "landed"}
      good={fate === "landed"}
      title={t(`unsettled.${key}.title`)}
    >
      <p>
        <q>{what}</q>
      </p>
      <p>
        {t(`unsettled.${key}.text`)}{" "}
        <TransactionLink explorer={explorer} signature={pending.signature} />
      </p>
      {fate && (
        <Button
          small
          quiet
          onClick={() => dismiss(whoseOf(market), pending.signature)}
          aria-label={t("unsettled.readThis", { what })}
        >
          {t("unsettled.read")}
        </Button>
      )}
    </Notice>
  );
}

/** Asks what became of it, until somebody says. */
function useLookup(told: Unsettled, whose: Whose) {
  const { market } = useHousehold();
  const client = useQueryClient();
  const isKnown = told.fate !== undefined;
  useEffect(() => {
    if (isKnown) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLeft = false;
    const look = () =>
      settled(market.connection, whose, told).then(
        () => void client.invalidateQueries(),
        () => {
          if (!isLeft) timer = setTimeout(() => void look(), AGAIN_MILLISECONDS);
        },
      );
    void look();
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [client, isKnown, market, told, whose]);
}
