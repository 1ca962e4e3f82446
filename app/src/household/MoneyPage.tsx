// A household's money: what is at hand, what is set aside and why, and how it comes and goes.

import { deposit, parseDecimal, withdraw, wholeAtoms } from "@joulebook/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useConfiguration } from "../chain/market-context";
import { useFormats } from "../format/use-formats";
import { useIndexer } from "../indexer/context";
import { milliAtomsOf } from "../indexer/money";
import { useQuery } from "@tanstack/react-query";
import { Button, Card, Field, Notice, Stat, Waiting } from "../ui";
import { TransactionLink } from "../wallet/WalletMenu";
import { ActionNote } from "./ActionNote";
import { useHousehold } from "./context";
import { decimalText, entered } from "./entry";
import type { NumberedSeat } from "./Guard";
import { useLocks, useWalletMoney } from "./queries";
import { useAction } from "./use-action";

export function MoneyPage({ seat }: { seat: NumberedSeat }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: wallet } = useWalletMoney();
  const debt = seat.owing.reduce((sum, { debt }) => sum + debt, 0n);
  const claim = seat.owing.reduce((sum, { claim }) => sum + claim, 0n);
  return (
    <>
      <div className="page-head">
        <h1>{t("money.title")}</h1>
        <p className="quiet">{t("money.text")}</p>
      </div>
      {debt > 0n && (
        <Notice alarm title={t("money.debt", { amount: formats.money(debt) })}>
          {t("money.debtHint")}
        </Notice>
      )}
      <div className="money">
        <Card className="money__sum">
          <div className="money__stats">
            <Stat
              label={t("money.free")}
              value={formats.money(seat.free)}
              note={t("money.freeNote")}
            />
            <Stat
              label={t("money.locked")}
              value={formats.money(seat.locked)}
              note={t("money.lockedNote")}
            />
            {seat.held > 0n && <Stat label={t("money.held")} value={formats.money(seat.held)} />}
            {claim > 0n && (
              <Stat
                label={t("money.claim")}
                value={formats.money(claim)}
                note={t("money.claimNote")}
              />
            )}
          </div>
          <Locks />
        </Card>
        <Move
          title={t("money.deposit.title")}
          hint={wallet && t("money.inWallet", { amount: formats.money(wallet.atoms * 1000n) })}
          most={wallet?.atoms}
          act={t("money.deposit.act")}
          done={t("money.deposit.done")}
          move={deposit}
        />
        <Move
          title={t("money.withdraw.title")}
          hint={t("money.withdraw.hint", { amount: formats.money(seat.free) })}
          most={wholeAtoms(seat.free)}
          act={t("money.withdraw.act")}
          done={t("money.withdraw.done")}
          move={withdraw}
        />
        <Movements seat={seat} />
      </div>
    </>
  );
}

function Locks() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: locks } = useLocks();
  if (!locks) return null;
  return (
    <details className="data">
      <summary>{t("money.why")}</summary>
      {locks.length === 0 ? (
        <p className="quiet">{t("money.nothingLocked")}</p>
      ) : (
        <ul className="locks">
          {locks.map(({ why, window, amount }) => (
            <li key={`${why}-${window}`}>
              <span>{t(`money.lock.${why}`, { time: formats.dayTime(window) })}</span>
              <span className="number">{formats.fineMoney(amount)}</span>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function Move(props: {
  title: string;
  hint: string | undefined;
  most: bigint | undefined;
  act: string;
  done: string;
  move: typeof deposit;
}) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const { market } = useHousehold();
  const action = useAction();
  const [amount, setAmount] = useState("");
  const text = decimalText(amount, i18n.language);
  const atoms = entered(() => parseDecimal(text, market.token.decimals));
  const error =
    amount === ""
      ? undefined
      : atoms === undefined
        ? t("trade.noNumber")
        : props.most !== undefined && atoms > props.most
          ? t("money.tooMuch")
          : undefined;
  const send = async () => {
    const what = `${props.title}: ${formats.money((atoms ?? 0n) * 1000n)}`;
    const isDone = await action.run(what, (options) => props.move(market, text, options));
    if (isDone) setAmount("");
  };
  return (
    <Card title={props.title}>
      <Field
        label={t("money.amount")}
        unit={formats.options.currency ?? t("money.tokens")}
        value={amount}
        onChange={(typed) => (setAmount(typed), action.reset())}
        hint={props.hint}
        error={error}
      />
      <Button disabled={!atoms || error !== undefined || action.isBusy} onClick={() => void send()}>
        {props.act}
      </Button>
      <ActionNote action={action} done={props.done} />
    </Card>
  );
}

/** Those that have a name of their own; others are told by the indexer's. */
const KINDS = ["deposited", "withdrawn", "debt-incurred", "debt-paid", "claim-paid"] as const;

function Movements({ seat }: { seat: NumberedSeat }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const indexer = useIndexer();
  const { explorer } = useConfiguration();
  const { data, isPending, isError } = useQuery({
    queryKey: ["live", "movements", seat.number],
    queryFn: () => indexer!.movements(seat.number),
    enabled: indexer !== undefined,
  });
  if (!indexer) return null;
  return (
    <Card className="money__movements" title={t("money.movements.title")}>
      {isPending && <Waiting>{t("market.waiting")}</Waiting>}
      {isError && !data && <p className="quiet">{t("weather.noHistory")}</p>}
      {data?.length === 0 && <p className="quiet">{t("money.movements.none")}</p>}
      <ul className="locks">
        {[...(data ?? [])]
          .reverse()
          .slice(0, 50)
          .map((movement) => {
            const known = KINDS.find((kind) => kind === movement.kind);
            return (
              <li key={movement.number}>
                <span>
                  {known ? t(`money.movements.${known}`) : movement.kind}
                  <br />
                  <span className="quiet small">
                    {movement.time && formats.dayTime(movement.time)}{" "}
                    <TransactionLink explorer={explorer} signature={movement.signature} />
                  </span>
                </span>
                <strong className="number">
                  {formats.money(milliAtomsOf(movement.amount, formats.options.decimals))}
                </strong>
              </li>
            );
          })}
      </ul>
    </Card>
  );
}
