// What somebody with a seat has to do first, before everything works: one thing at a time.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { Notice } from "../ui";
import type { NumberedSeat } from "./Guard";
import { useMeters } from "./queries";

export function NextStep({ seat }: { seat: NumberedSeat }) {
  const { t } = useTranslation();
  const { data: meters } = useMeters();
  if (seat.free + seat.locked + seat.held === 0n)
    return (
      <Notice title={t("nextStep.money.title")}>
        <p>{t("nextStep.money.text")}</p>
        <Link href="/money">{t("nextStep.money.act")}</Link>
      </Notice>
    );
  if (meters?.length === 0)
    return <Notice title={t("start.meter.missing")}>{t("start.meter.hint")}</Notice>;
  return null;
}
