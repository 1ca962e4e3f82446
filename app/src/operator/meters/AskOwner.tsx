// Asks a meter's owner for its signature: signs first, and makes a link that carries the rest.

import {
  askForSignature,
  makeNonce,
  readNonce,
  sendInstructions,
  type CoSigned,
  type SendOptions,
} from "@joulebook/client";
import { Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ChangeInWords } from "../../cosignature/ChangeInWords";
import { linkOf } from "../../cosignature/link";
import { ActionNote } from "../../household/ActionNote";
import { useHousehold } from "../../household/context";
import { useAction } from "../../household/use-action";
import { Button, Field, Notice } from "../../ui";
import { actorOf, type Access } from "../access";

/** As many wait as there can be. */
export class NoFreeNonceError extends Error {
  override readonly name = "NoFreeNonceError";
}

export function AskOwner(props: { access: Access; change: CoSigned | undefined }) {
  const { t } = useTranslation();
  const { access, change } = props;
  const { market } = useHousehold();
  const action = useAction();
  const [link, setLink] = useState<string>();
  const [isCopied, setIsCopied] = useState(false);
  const ask = async (options: SendOptions) => {
    const { connection, trader } = market;
    const made = await makeNonce(connection, trader);
    if (!made) throw new NoFreeNonceError(t("desk.ask.full"));
    const receipt = await sendInstructions(connection, made.instructions, options);
    const nonce = await readNonce(connection, made.account);
    if (!nonce) throw new NoFreeNonceError(t("desk.ask.noNonce"));
    const transaction = await askForSignature(market, actorOf(access, trader), change!, nonce);
    setLink(linkOf(transaction, location.origin));
    return receipt;
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link!);
      setIsCopied(true);
    } catch {
      // Not allowed: it stands there to be copied by hand.
      setIsCopied(false);
    }
  };
  return (
    <>
      {change && (
        <section className="asked" aria-label={t("desk.ask.what")}>
          <h3>{t("desk.ask.what")}</h3>
          <ChangeInWords change={change} />
        </section>
      )}
      <p className="quiet small">{t("desk.ask.how")}</p>
      <Button
        disabled={change === undefined || action.isBusy}
        onClick={() => (
          setLink(undefined),
          setIsCopied(false),
          void action.run(t("desk.ask.sign"), ask)
        )}
      >
        {t("desk.ask.sign")}
      </Button>
      <ActionNote action={action} done={t("desk.ask.signed")} />
      {link && (
        <Notice title={t("desk.ask.send")}>
          <Field
            label={t("desk.ask.link")}
            inputMode="url"
            readOnly
            value={link}
            onChange={() => {}}
            onFocus={({ target }) => target.select()}
          />
          <Button small quiet onClick={() => void copy()}>
            <Copy size={16} aria-hidden />
            {t(isCopied ? "desk.ask.copied" : "desk.ask.copy")}
          </Button>
        </Notice>
      )}
    </>
  );
}
