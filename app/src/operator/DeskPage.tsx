// The desk of those who hold an office: a page for each of its subjects.

import { useTranslation } from "react-i18next";
import { Link, useParams } from "wouter";

import { HouseholdProvider } from "../household/context";
import { UnsettledNotice } from "../household/unsettled/UnsettledNotice";
import { Notice } from "../ui";
import { useWallet } from "../wallet/context";
import { useAccess, type Access } from "./access";
import { AuditPart } from "./audit/AuditPart";
import { ExportsPart } from "./exports/ExportsPart";
import { MetersPart } from "./meters/MetersPart";
import { OverviewPart } from "./overview/OverviewPart";
import { ParticipantsPart } from "./participants/ParticipantsPart";
import { PricesPart } from "./prices/PricesPart";
import "../household/household.css";
import "./operator.css";

const PARTS = {
  overview: OverviewPart,
  participants: ParticipantsPart,
  meters: MetersPart,
  prices: PricesPart,
  exports: ExportsPart,
  audit: AuditPart,
} as const;
type PartName = keyof typeof PARTS;
const NAMES = Object.keys(PARTS) as PartName[];

export function DeskPage() {
  const { t } = useTranslation();
  const { account } = useWallet();
  const access = useAccess();
  if (!account || !access)
    return <Notice title={t("desk.forWhom")}>{t("desk.forWhomHint")}</Notice>;
  return (
    <HouseholdProvider key={account.address} account={account}>
      <Desk access={access} />
    </HouseholdProvider>
  );
}

function Desk({ access }: { access: Access }) {
  const { t } = useTranslation();
  const { part } = useParams<{ part?: string }>();
  const name = NAMES.find((each) => each === part) ?? "overview";
  const Part = PARTS[name];
  return (
    <>
      <div className="page-head">
        <h1>{t("desk.title")}</h1>
        <p className="quiet">
          {t("desk.youAre", {
            offices: access.offices.map((office) => t(`desk.office.${office}`)).join(", "),
          })}
        </p>
      </div>
      <nav className="desk__parts" aria-label={t("desk.parts")}>
        {NAMES.map((each) => (
          <Link
            key={each}
            href={each === "overview" ? "/desk" : `/desk/${each}`}
            className="desk__part"
            aria-current={each === name ? "page" : undefined}
          >
            {t(`desk.part.${each}`)}
          </Link>
        ))}
      </nav>
      <UnsettledNotice />
      <div className="desk">
        <Part access={access} />
      </div>
    </>
  );
}
