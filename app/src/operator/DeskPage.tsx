// An operator's desk: who wants to join, which meters are silent, whether the market is well.

import { oracle, registry, sendInstructions } from "@joulebook/client";
import { useTranslation } from "react-i18next";

import { useMarket, useMarketState, useNow } from "../chain/market-context";
import { useFormats } from "../format/use-formats";
import { ActionNote } from "../household/ActionNote";
import { HouseholdProvider, useHousehold } from "../household/context";
import { useAction } from "../household/use-action";
import { useCommunity } from "../market/community";
import { Phase } from "../market/phase";
import { Button, Card, DataTable, Notice, Stat, Waiting } from "../ui";
import { useWallet } from "../wallet/context";
import { short } from "../wallet/short";
import { useAccess, type Access } from "./access";
import { useAllMeters, useApplicants, useConservation, useOwed } from "./queries";
import "../household/household.css";
import "./operator.css";

export function DeskPage() {
  const { t } = useTranslation();
  const { account } = useWallet();
  const access = useAccess();
  if (!account || !access)
    return <Notice title={t("desk.forWhom")}>{t("desk.forWhomHint")}</Notice>;
  return (
    <HouseholdProvider key={account.address} account={account}>
      <div className="page-head">
        <h1>{t("desk.title")}</h1>
      </div>
      <div className="desk">
        <Health />
        <Applicants access={access} />
        <Meters />
      </div>
    </HouseholdProvider>
  );
}

function Health() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { windows } = useMarketState();
  const now = useNow(2_000) ?? 0;
  const { data: owed } = useOwed();
  const { data: sums } = useConservation();
  const behind = windows.filter(
    ({ phase, gate, end }) => phase === Phase.Open && now >= Number(gate) + Number(end - gate),
  );
  return (
    <Card title={t("desk.health.title")}>
      <div className="desk__stats">
        <Stat
          label={t("desk.health.behind")}
          value={behind.length}
          note={behind.length > 0 && t("desk.health.behindNote")}
        />
        {owed && (
          <>
            <Stat label={t("desk.health.debts")} value={formats.money(owed.debts)} />
            <Stat label={t("desk.health.claims")} value={formats.money(owed.claims)} />
            <Stat label={t("desk.health.fees")} value={formats.money(owed.fees)} />
          </>
        )}
      </div>
      {sums &&
        (sums.holds ? (
          <p className="quiet">{t("desk.health.holds", { count: sums.windows })}</p>
        ) : (
          <Notice alarm title={t("desk.health.differs")} />
        ))}
    </Card>
  );
}

const ROLES = [
  ["consumer", registry.ROLE_CONSUMER],
  ["producer", registry.ROLE_PRODUCER],
  ["storage", registry.ROLE_STORAGE],
] as const;

function Applicants({ access }: { access: Access }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { market } = useHousehold();
  const { data: applicants, isPending } = useApplicants();
  const { data: community } = useCommunity();
  const action = useAction();
  // What is let in is what was looked at: an application that was changed since is refused.
  const approve = async (applicant: registry.Participant) => {
    const { addresses, trader, connection } = market;
    const { roles, zone, balancingGroup, identityHash, wallet } = applicant;
    const instruction = registry.getApproveInstruction({
      community: addresses.community,
      participant: await addresses.participant(wallet),
      actor: trader,
      ...(access.acting && { acting: access.acting }),
      ...{ roles, zone, balancingGroup, identityHash },
    });
    return sendInstructions(connection, [instruction]);
  };
  return (
    <Card title={t("desk.applicants.title")}>
      {isPending && <Waiting>{t("market.waiting")}</Waiting>}
      {applicants?.length === 0 && <p className="quiet">{t("desk.applicants.none")}</p>}
      <ul className="orders">
        {applicants?.map((applicant) => {
          const { wallet, roles, zone, appliedAt, approvedAt, identityHash } = applicant;
          const hash = [...identityHash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
          return (
            <li key={wallet}>
              <span className="orders__what">
                <strong title={wallet}>{short(wallet)}</strong>
                <span>
                  {ROLES.filter(([, bit]) => (roles & bit) !== 0)
                    .map(([name]) => t(`desk.roles.${name}`))
                    .join(", ")}
                  {community?.zones[zone] && ` · ${community.zones[zone]}`}
                </span>
                <span className="quiet small">
                  {t("desk.applicants.since", { time: formats.dayTime(appliedAt) })} ·{" "}
                  {/^0+$/.test(hash)
                    ? t("desk.applicants.noRecord")
                    : t("desk.applicants.record", { hash: `${hash.slice(0, 12)}…` })}
                  {approvedAt > 0n && ` · ${t("desk.applicants.comesBack")}`}
                </span>
              </span>
              <Button
                small
                disabled={action.isBusy}
                onClick={() => void action.run(() => approve(applicant))}
                aria-label={t("desk.applicants.approveThis", { wallet: short(wallet) })}
              >
                {t("desk.applicants.approve")}
              </Button>
            </li>
          );
        })}
      </ul>
      <ActionNote action={action} done={t("desk.applicants.done")} />
    </Card>
  );
}

const STATES = {
  [oracle.MeterStatus.Active]: "active",
  [oracle.MeterStatus.Quarantined]: "quarantined",
  [oracle.MeterStatus.Retired]: "retired",
} as const;

function Meters() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { addresses } = useMarket();
  const now = useNow(5_000) ?? 0;
  const { data: meters } = useAllMeters();
  if (!meters) return null;
  const sorted = [...meters].sort((one, other) => Number(one.boundary - other.boundary));
  const silent = sorted.filter(
    ({ status, boundary, serviceFrom }) =>
      status === oracle.MeterStatus.Active &&
      now - Math.max(Number(boundary), Number(serviceFrom)) > 2 * addresses.pageSeconds,
  );
  return (
    <Card title={t("desk.meters.title")}>
      {meters.length === 0 ? (
        <p className="quiet">{t("desk.meters.none")}</p>
      ) : silent.length > 0 ? (
        <Notice title={t("desk.meters.silent", { count: silent.length })} />
      ) : (
        <p className="quiet">{t("desk.meters.allHeard")}</p>
      )}
      <DataTable
        summary={t("desk.meters.table")}
        caption={t("desk.meters.title")}
        columns={[
          t("desk.meters.number"),
          t("desk.meters.seat"),
          t("desk.meters.heard"),
          t("desk.meters.state"),
        ]}
        rows={sorted.map(({ number, participant, boundary, status }) => [
          String(number),
          String(participant),
          boundary > 0n ? formats.dayTime(boundary) : t("desk.meters.never"),
          t(`desk.meters.${STATES[status as keyof typeof STATES] ?? "retired"}`),
        ])}
      />
    </Card>
  );
}
