// Pages of a household: for whom they are, and who is led to the first steps instead.

import type { ComponentType, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { UnreachableError, type market } from "@joulebook/client";

import { Notice, Waiting } from "../ui";
import { useWallet } from "../wallet/context";
import { WalletMenu } from "../wallet/WalletMenu";
import { HouseholdProvider } from "./context";
import { explained } from "./explain";
import { FeeNotice } from "./FeeNotice";
import { useParticipant, useSeat } from "./queries";
import { StartPage } from "./StartPage";
import { UnsettledNotice } from "./unsettled/UnsettledNotice";
import "./household.css";

/** A seat, with its number. */
export type NumberedSeat = market.Seat & Readonly<{ number: number }>;

export function Guard({ page }: { page: ComponentType<{ seat: NumberedSeat }> }) {
  return (
    <WithWallet>
      <OfSeat page={page} />
    </WithWallet>
  );
}

/** For whoever has a wallet, seat or not; whoever has none is led to one. */
export function WithWallet({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { account } = useWallet();
  if (!account)
    return (
      <section className="welcome">
        <h1>{t("start.connect.title")}</h1>
        <p>{t("start.connect.text")}</p>
        <div className="welcome__acts">
          <WalletMenu prominent />
          <Link href="/market">{t("start.connect.market")}</Link>
        </div>
      </section>
    );
  return (
    <HouseholdProvider key={account.address} account={account}>
      <UnsettledNotice />
      {children}
    </HouseholdProvider>
  );
}

function OfSeat({ page: Page }: { page: ComponentType<{ seat: NumberedSeat }> }) {
  const { t } = useTranslation();
  const participant = useParticipant();
  const seat = useSeat();
  // Nobody is taken for a newcomer because the chain does not answer.
  const error = [participant, seat].find(({ data }) => data === undefined)?.error;
  if (error) return <Unread error={error} />;
  if (participant.isPending || seat.isLoading) return <Waiting>{t("market.waiting")}</Waiting>;
  if (!seat.data) return <StartPage />;
  return (
    <>
      <FeeNotice />
      <Page seat={seat.data} />
    </>
  );
}

function Unread({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const { title, text } = explained(error, t);
  return (
    <Notice alarm title={t("weather.unread.title")}>
      {/* A chain that does not answer is told of above. */}
      {!(error instanceof UnreachableError) && (
        <p>
          {title} {text}
        </p>
      )}
      <p>{t("weather.unread.text")}</p>
    </Notice>
  );
}
