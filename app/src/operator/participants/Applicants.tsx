// Who wants to join, with what there is to review.

import { instructions, registry, type SendOptions } from "@joulebook/client";
import { useTranslation } from "react-i18next";

import { useFormats } from "../../format/use-formats";
import { ActionNote } from "../../household/ActionNote";
import { useAction, type Action } from "../../household/use-action";
import { useCommunity } from "../../market/community";
import { Card, Notice, Waiting } from "../../ui";
import { short } from "../../wallet/short";
import type { Access } from "../access";
import { ActButton } from "../ActButton";
import { ActDialog } from "../ActDialog";
import { mayApprove, type Refused } from "../may";
import { useParticipants } from "../queries";
import { useSend } from "../use-send";
import { isNone } from "../../household/record";
import { OfficeApproval } from "./OfficeApproval";
import { RecordCheck } from "./RecordCheck";
import { privilegedIn, rolesIn } from "./roles";

export function Applicants({ access }: { access: Access }) {
  const { t } = useTranslation();
  const { data: participants, isPending, isError } = useParticipants();
  const { data: community } = useCommunity();
  const { addresses, actor, send, review } = useSend(access);
  const action = useAction();
  const applicants = participants?.filter(
    ({ status }) => status === registry.ParticipantStatus.Applied,
  );
  // What is let in is what was looked at: an application that was changed since is refused.
  const approve = async (applicant: registry.Participant, options: SendOptions) =>
    send(
      [await instructions.approve(addresses, actor, applicant), ...(await review(applicant))],
      options,
    );
  const isAuthority = access.offices.includes("authority");
  return (
    <Card title={t("desk.applicants.title")}>
      {isPending && <Waiting>{t("market.waiting")}</Waiting>}
      {isError && <Notice alarm title={t("desk.failed")} />}
      {community && !isAuthority && access.offices.includes("operator") && (
        <p className="quiet">{t("desk.applicants.left", { count: community.approvals })}</p>
      )}
      {applicants?.length === 0 && <p className="quiet">{t("desk.applicants.none")}</p>}
      <ul className="desk-list">
        {applicants?.map((applicant) => (
          <li key={applicant.wallet}>
            <Application applicant={applicant} zones={community?.zones ?? []} />
            <Approve
              applicant={applicant}
              refused={community && mayApprove(access, community, applicant.roles)}
              action={action}
              approve={(label, seen) => void action.run(label, (options) => approve(seen, options))}
            />
          </li>
        ))}
      </ul>
      {applicants && applicants.length > 0 && (
        <p className="quiet small">{t("desk.applicants.bound")}</p>
      )}
      <ActionNote action={action} done={t("desk.applicants.done")} />
    </Card>
  );
}

function Approve(props: {
  applicant: registry.Participant;
  refused: Refused | undefined;
  action: Action;
  approve: (label: string, seen: registry.Participant) => void;
}) {
  const { t } = useTranslation();
  const { applicant, refused, action, approve } = props;
  const label = t("desk.applicants.approveThis", { wallet: short(applicant.wallet) });
  if (privilegedIn(applicant.roles).length > 0)
    return (
      <ActDialog
        label={t("desk.applicants.approve")}
        fullLabel={label}
        refused={refused}
        isBusy={action.isBusy}
      >
        <OfficeApproval
          applicant={applicant}
          action={action}
          approve={(seen) => approve(label, seen)}
        />
      </ActDialog>
    );
  return (
    <ActButton
      small
      refused={refused}
      isBusy={action.isBusy}
      onClick={() => approve(label, applicant)}
      aria-label={label}
    >
      {t("desk.applicants.approve")}
    </ActButton>
  );
}

function Application(props: { applicant: registry.Participant; zones: readonly string[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { applicant, zones } = props;
  const { wallet, roles, zone, balancingGroup, appliedAt, approvedAt, identityHash } = applicant;
  return (
    <div className="desk-list__what">
      <code className="desk-list__wallet">{wallet}</code>
      <span>
        {rolesIn(roles)
          .map((name) => t(`desk.roles.${name}`))
          .join(", ")}
        {` · ${zones[zone] ?? t("desk.applicants.zone", { number: zone })}`}
        {balancingGroup > 0 && ` · ${t("desk.applicants.group", { number: balancingGroup })}`}
      </span>
      <span className="quiet small">
        {t("desk.applicants.since", { time: formats.dayTime(appliedAt) })}
        {approvedAt > 0n && ` · ${t("desk.applicants.comesBack")}`}
        {isNone(identityHash) && ` · ${t("desk.applicants.noRecord")}`}
      </span>
      <RecordCheck hash={identityHash} />
    </div>
  );
}
