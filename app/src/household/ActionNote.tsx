// Where something that was signed stands, told as it goes.

import { CheckCircle2, LoaderCircle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useConfiguration } from "../chain/market-context";
import { useFormats } from "../format/use-formats";
import { Notice } from "../ui";
import { TransactionLink } from "../wallet/WalletMenu";
import { explained } from "./explain";
import type { Action } from "./use-action";

export function ActionNote({ action, done }: { action: Action; done: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { explorer } = useConfiguration();
  const { state } = action;
  if (state.stage === "idle") return null;
  if (state.stage === "failed") {
    const { title, text, signature } = explained(state.error, t);
    return (
      <Notice alarm title={title}>
        {text}
        {signature && <TransactionLink explorer={explorer} signature={signature} />}
      </Notice>
    );
  }
  if (state.stage === "done") {
    const { receipt } = state;
    return (
      <p className="action-note action-note--done" role="status">
        <CheckCircle2 size={20} aria-hidden />
        <span>
          {done}{" "}
          {receipt && (
            <span className="quiet small">
              {receipt.fee !== undefined &&
                `${t("action.fee", { fee: formats.sol(receipt.fee) })} · `}
              <TransactionLink explorer={explorer} signature={receipt.signature} />
            </span>
          )}
        </span>
      </p>
    );
  }
  return (
    <p className="action-note" role="status">
      <LoaderCircle size={20} aria-hidden className="action-note__turn" />
      <span>
        {t(`action.${state.stage}`)}
        {"signature" in state && state.signature && (
          <span className="small">
            {" "}
            <TransactionLink explorer={explorer} signature={state.signature} />
          </span>
        )}
      </span>
    </p>
  );
}
