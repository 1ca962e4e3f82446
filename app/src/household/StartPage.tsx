// From a wallet to a place in the market: one step after the other, and what is missing.

import { openSeat, registry, type SendOptions } from "@joulebook/client";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useConfiguration } from "../chain/market-context";
import { Button, Notice, Waiting } from "../ui";
import { ActionNote } from "./ActionNote";
import { Apply } from "./Apply";
import { useHousehold } from "./context";
import { useMeters, useParticipant, useWalletMoney } from "./queries";
import { stepsOf, type StepState } from "./start-steps";
import { TestMoney } from "./TestMoney";
import { useAction } from "./use-action";

export function StartPage() {
  const { t } = useTranslation();
  const { data: participant } = useParticipant();
  const { data: money, isPending } = useWalletMoney();
  const { data: meters } = useMeters();
  if (isPending) return <Waiting>{t("market.waiting")}</Waiting>;
  const states = stepsOf({
    lamports: money?.lamports ?? 0n,
    participant: participant ?? null,
    meters: meters?.length ?? 0,
  });
  const { Left, Suspended } = registry.ParticipantStatus;
  const status = participant?.status;
  return (
    <section className="start" aria-labelledby="start-title">
      <div className="start__head">
        <h1 id="start-title">{t("start.title")}</h1>
        <p className="quiet">{t("start.text")}</p>
      </div>
      <ol className="steps">
        <Step state="done" title={t("start.wallet.title")} />
        <Step state={states.pay} title={t("start.pay.title")}>
          <Pay />
        </Step>
        <Step state={states.apply} title={t("start.apply.title")}>
          <Apply comesBack={status === Left} />
        </Step>
        <Step state={states.approval} title={t("start.approval.title")}>
          {status === Suspended ? (
            <Notice alarm title={t("start.approval.suspended")} />
          ) : (
            <Approval />
          )}
        </Step>
        <Step state={states.seat} title={t("start.seat.title")}>
          <OpenSeat />
        </Step>
        <Step state={states.meter} title={t("nextStep.meter.title")}>
          <p>{t("start.meter.hint")}</p>
        </Step>
      </ol>
    </section>
  );
}

function Step(props: { state: StepState; title: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const { state, title, children } = props;
  return (
    <li
      className={`steps__step steps__step--${state}`}
      aria-current={state === "now" ? "step" : undefined}
    >
      <span className="steps__mark">{state === "done" && <Check size={18} aria-hidden />}</span>
      <div className="steps__body">
        <h2>
          {title} <span className="hidden-but-read">{t(`start.state.${state}`)}</span>
        </h2>
        {state === "now" && children}
      </div>
    </li>
  );
}

/** Fees are paid in SOL: on a local node, it is given away. */
function Pay() {
  const { t } = useTranslation();
  const { market } = useHousehold();
  const { cluster } = useConfiguration();
  if (cluster.chain === "solana:localnet") return <TestMoney />;
  return <p>{t("start.pay.text", { address: market.owner })}</p>;
}

function Approval() {
  const { t } = useTranslation();
  const { market } = useHousehold();
  return (
    <>
      <p>{t("start.approval.text")}</p>
      <p>
        <span className="quiet small">{t("start.approval.address")}</span>
        <br />
        <code className="start__address">{market.owner}</code>
      </p>
    </>
  );
}

/** Once it is open this page goes, and the next one asks for the first deposit: that is an act of its own. */
function OpenSeat() {
  const { t } = useTranslation();
  const { market } = useHousehold();
  const action = useAction();
  const open = (options: SendOptions) => openSeat(market, options);
  return (
    <>
      <p>{t("start.seat.text")}</p>
      <Button disabled={action.isBusy} onClick={() => void action.run(t("start.seat.title"), open)}>
        {t("start.seat.open")}
      </Button>
      <ActionNote action={action} done={t("start.seat.done")} />
    </>
  );
}
