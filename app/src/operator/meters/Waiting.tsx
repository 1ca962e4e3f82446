// What waits for an owner's signature: each has a nonce account, which locks rent until it is closed.

import {
  closeNonce,
  readNonces,
  sendInstructions,
  type OwnNonce,
  type SendOptions,
} from "@joulebook/client";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ActionNote } from "../../household/ActionNote";
import { useHousehold } from "../../household/context";
import { useAction } from "../../household/use-action";
import { Button, Card } from "../../ui";
import { useSol } from "../use-sol";

export function Waiting() {
  const { t } = useTranslation();
  const sol = useSol();
  const { market } = useHousehold();
  const action = useAction();
  const { data: nonces } = useQuery({
    queryKey: ["nonces", market.trader.address],
    queryFn: () => readNonces(market.connection, market.trader.address),
    refetchInterval: 10_000,
  });
  if (!nonces || nonces.length === 0) return null;
  const close = (nonce: OwnNonce, options: SendOptions) =>
    sendInstructions(market.connection, [closeNonce(market.trader, nonce)], options);
  return (
    <Card title={t("desk.waiting.title")}>
      <p className="quiet">{t("desk.waiting.text")}</p>
      <ul className="desk-list">
        {nonces.map((nonce) => (
          <li key={nonce.number}>
            <div className="desk-list__what">
              <strong>{t("desk.waiting.number", { number: nonce.number })}</strong>
              <span className="quiet small">
                {t("desk.waiting.locks", { amount: sol(nonce.lamports) })}
              </span>
            </div>
            <Button
              small
              quiet
              disabled={action.isBusy}
              aria-label={t("desk.waiting.closeThis", { number: nonce.number })}
              onClick={() =>
                void action.run(t("desk.waiting.closeThis", { number: nonce.number }), (options) =>
                  close(nonce, options),
                )
              }
            >
              {t("desk.waiting.close")}
            </Button>
          </li>
        ))}
      </ul>
      <ActionNote action={action} done={t("desk.waiting.done")} />
    </Card>
  );
}
