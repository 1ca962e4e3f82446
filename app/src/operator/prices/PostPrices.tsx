// Posts prices in as few transactions as they fit, and tells of each.

import {
  packPrices,
  sendInstructions,
  type PricesToPost,
  type SendOptions,
} from "@joulebook/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useConfiguration } from "../../chain/market-context";
import { ActionNote } from "../../household/ActionNote";
import { useHousehold } from "../../household/context";
import { useAction } from "../../household/use-action";
import { TransactionLink } from "../../wallet/WalletMenu";
import type { Access } from "../access";
import { ActButton } from "../ActButton";
import { mayPost } from "../may";

/** A transaction: how many windows it is for, and its signature once it has landed. */
type Part = Readonly<{ windows: number; signature: string | undefined }>;

export function PostPrices(props: { access: Access; windows: readonly PricesToPost[] }) {
  const { t } = useTranslation();
  const { access, windows } = props;
  const { explorer } = useConfiguration();
  const { market } = useHousehold();
  const action = useAction();
  const [parts, setParts] = useState<readonly Part[]>([]);
  const post = async (options: SendOptions) => {
    const packs = await packPrices(market, windows);
    const told: Part[] = packs.map(({ items }) => ({
      windows: items.length,
      signature: undefined,
    }));
    setParts([...told]);
    let last;
    for (const [at, { instructions }] of packs.entries()) {
      last = await sendInstructions(market.connection, instructions, options);
      told[at] = { ...told[at]!, signature: last.signature };
      setParts([...told]);
    }
    return last;
  };
  const done = parts.filter(({ signature }) => signature !== undefined).length;
  return (
    <>
      <ActButton
        refused={mayPost(access)}
        isBusy={action.isBusy || windows.length === 0}
        onClick={() => void action.run(t("desk.prices.post", { count: windows.length }), post)}
      >
        {t("desk.prices.post", { count: windows.length })}
      </ActButton>
      {parts.length > 0 && (
        <>
          <progress
            className="posting"
            value={done}
            max={parts.length}
            aria-label={t("desk.prices.progress")}
          />
          <ol className="parts">
            {parts.map(({ windows: count, signature }, at) => (
              <li key={at}>
                {t("desk.prices.part", { count })}{" "}
                {signature ? (
                  <TransactionLink explorer={explorer} signature={signature} />
                ) : (
                  <span className="quiet">{t("desk.prices.partOpen")}</span>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
      <ActionNote action={action} done={t("desk.prices.done")} />
    </>
  );
}
