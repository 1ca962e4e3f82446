// "Check this bill": the proof, step by step, with what each number stands on.

import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useConfiguration } from "../chain/market-context";
import { Button, Notice } from "../ui";
import type { Account } from "./account";
import { CheckResult } from "./CheckResult";
import type { Period } from "../format/period";
import type { Billed } from "./queries";
import { useCheck, type CheckState } from "./use-check";

export function BillCheck(props: {
  billed: Billed;
  period: Period;
  /** The bill that is shown. */
  shown: Account;
  /** Of the chain, unix seconds. */
  now: number;
}) {
  const { billed, period, shown, now } = props;
  const { t } = useTranslation();
  const { explorer } = useConfiguration();
  const { state, run, cancel } = useCheck(billed, period, now);
  if (period.kind === "year") return <p className="quiet">{t("proof.shorter")}</p>;
  return (
    <div className="check">
      <p className="quiet">{t("proof.text")}</p>
      {state.is === "running" ? (
        <Running state={state} cancel={cancel} />
      ) : (
        <div>
          <Button quiet={state.is === "done"} onClick={() => void run()}>
            <ShieldCheck size={18} aria-hidden />
            {t(state.is === "done" ? "proof.again" : "proof.run")}
          </Button>
        </div>
      )}
      {state.is === "failed" && (
        <Notice alarm title={t("proof.failed")}>
          {state.error instanceof Error ? state.error.message : String(state.error)}
        </Notice>
      )}
      {state.is === "done" && <CheckResult check={state.check} shown={shown} explorer={explorer} />}
    </div>
  );
}

function Running(props: { state: CheckState & { is: "running" }; cancel: () => void }) {
  const { t } = useTranslation();
  const { progress } = props.state;
  const step = progress ? t(`proof.progress.${progress.step}`) : t("proof.progress.accounts");
  const isCounted = progress !== undefined && progress.of > 0;
  return (
    <div className="check__running">
      <label>
        <span role="status">{step}</span>
        {isCounted ? <progress value={progress.done} max={progress.of} /> : <progress />}
      </label>
      {isCounted && (
        <span className="quiet number" aria-hidden>
          {progress.done} / {progress.of}
        </span>
      )}
      <Button quiet small onClick={props.cancel}>
        {t("proof.cancel")}
      </Button>
    </div>
  );
}
