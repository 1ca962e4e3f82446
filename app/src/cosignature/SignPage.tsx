// A link that asks for a signature: what it is for, in words, before it is signed and sent.

import { agree, CoSignatureError, examineRequest } from "@joulebook/client";
import type { Transaction } from "@solana/kit";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { ActionNote } from "../household/ActionNote";
import { HouseholdProvider, useHousehold } from "../household/context";
import { UnsettledNotice } from "../household/unsettled/UnsettledNotice";
import { explained } from "../household/explain";
import { useAction } from "../household/use-action";
import { Button, Card, Notice, Waiting } from "../ui";
import { FileField } from "../ui/FileField";
import { useWallet } from "../wallet/context";
import { WalletMenu } from "../wallet/WalletMenu";
import { ChangeInWords } from "./ChangeInWords";
import { transactionIn } from "./link";
import "../household/household.css";
import "./cosignature.css";

export function SignPage() {
  const { t } = useTranslation();
  const { account } = useWallet();
  const hash = useHash();
  const [file, setFile] = useState<string>();
  const text = file ?? hash;
  const transaction = useMemo(() => transactionIn(text), [text]);
  return (
    <section className="sign">
      <div className="page-head">
        <h1>{t("cosign.title")}</h1>
        <p className="quiet">{t("cosign.text")}</p>
      </div>
      {!transaction ? (
        <>
          <Notice alarm title={t(text === "" ? "cosign.noLink" : "cosign.badLink")}>
            {t("cosign.badLinkHint")}
          </Notice>
          <FileField
            label={t("cosign.file")}
            hint={t("cosign.fileHint")}
            accept=".json,application/json"
            onPick={(picked) => void picked.text().then(setFile, () => setFile("?"))}
          />
        </>
      ) : !account ? (
        <Card title={t("cosign.connect")}>
          <p>{t("cosign.connectHint")}</p>
          <div>
            <WalletMenu prominent />
          </div>
        </Card>
      ) : (
        <HouseholdProvider key={account.address} account={account}>
          <UnsettledNotice />
          <Request key={text} text={text} transaction={transaction} />
        </HouseholdProvider>
      )}
    </section>
  );
}

/** What stands behind the #. */
function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const change = () => setHash(location.hash);
    window.addEventListener("hashchange", change);
    return () => window.removeEventListener("hashchange", change);
  }, []);
  return hash;
}

function Request({ text, transaction }: { text: string; transaction: Transaction }) {
  const { t } = useTranslation();
  const { market } = useHousehold();
  const action = useAction();
  const isDone = action.state.stage === "done";
  const { data: request, error } = useQuery({
    queryKey: ["co-signature", market.owner, text],
    queryFn: () => examineRequest(market, transaction),
    // Once it has landed, it can't be examined any more.
    enabled: !isDone,
    retry: (count, reason) => !(reason instanceof CoSignatureError) && count < 2,
  });
  if (error && !isDone && !action.isBusy) {
    const why = explained(error, t);
    return (
      <Notice alarm title={why.title}>
        {why.text}
      </Notice>
    );
  }
  if (!request) return <Waiting>{t("market.waiting")}</Waiting>;
  const { change, payer } = request;
  return (
    <Card title={t(`cosign.kind.${change.kind}`)}>
      <ChangeInWords change={change} />
      <p className="quiet small">{t("cosign.asks", { wallet: payer })}</p>
      <p className="quiet small">{t("cosign.nothingElse")}</p>
      {!isDone && (
        <div>
          <Button
            disabled={action.isBusy}
            onClick={() =>
              void action.run(t(`cosign.kind.${change.kind}`), (options) =>
                agree(market, request, options),
              )
            }
          >
            {t("cosign.sign")}
          </Button>
        </div>
      )}
      <ActionNote action={action} done={t("cosign.done")} />
    </Card>
  );
}
