// Who is in, who is suspended, who has left.

import { instructions, registry, type SendOptions } from "@joulebook/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../../format/use-formats";
import { ActionNote } from "../../household/ActionNote";
import { useAction } from "../../household/use-action";
import { useCommunity } from "../../market/community";
import { Button, Card, Field } from "../../ui";
import { short } from "../../wallet/short";
import type { Access } from "../access";
import { ActDialog } from "../ActDialog";
import { maySuspend } from "../may";
import { useParticipants } from "../queries";
import { ReasonFields } from "../ReasonFields";
import { memoFits, useSend } from "../use-send";
import { FileField } from "../../ui/FileField";
import { hashOf, hex } from "../../household/record";
import { SUSPENSION_REASONS, type SuspensionReason } from "./reasons";
import { OfficeApproval } from "./OfficeApproval";
import { privilegedIn, rolesIn } from "./roles";

const { Active, Suspended, Left } = registry.ParticipantStatus;
const STATES = { [Active]: "active", [Suspended]: "suspended", [Left]: "left" } as const;
/** More are found by the search. */
const SHOWN = 50;

export function Members({ access }: { access: Access }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: participants } = useParticipants();
  const { data: community } = useCommunity();
  const [search, setSearch] = useState("");
  const members = (participants ?? []).filter(({ status }) => status in STATES);
  const found = members.filter(({ wallet, index }) =>
    `${wallet} ${index}`.toLowerCase().includes(search.trim().toLowerCase()),
  );
  return (
    <Card title={t("desk.members.title", { count: members.length })}>
      {members.length > 5 && (
        <Field
          label={t("desk.members.search")}
          inputMode="search"
          value={search}
          onChange={setSearch}
        />
      )}
      <ul className="desk-list">
        {found.slice(0, SHOWN).map((member) => {
          const { wallet, index, roles, zone, changedAt, status } = member;
          const state = STATES[status as keyof typeof STATES];
          return (
            <li key={wallet}>
              <div className="desk-list__what">
                <strong>
                  {index === registry.NO_INDEX
                    ? short(wallet)
                    : t("desk.members.household", { number: index, wallet: short(wallet) })}
                </strong>
                <span>
                  {rolesIn(roles)
                    .map((name) => t(`desk.roles.${name}`))
                    .join(", ")}
                  {community?.zones[zone] && ` · ${community.zones[zone]}`}
                </span>
                <span className="quiet small">
                  {t(`desk.members.${state}`, { time: formats.dayTime(changedAt) })}
                </span>
              </div>
              {state !== "left" && <Decision access={access} member={member} />}
            </li>
          );
        })}
      </ul>
      {found.length > SHOWN && (
        <p className="quiet">{t("desk.members.more", { count: found.length - SHOWN })}</p>
      )}
    </Card>
  );
}

/** To suspend it, or to let it in again. */
function Decision({ access, member }: { access: Access; member: registry.Participant }) {
  const { t } = useTranslation();
  const isSuspended = member.status === Suspended;
  const label = t(isSuspended ? "desk.members.readmit" : "desk.members.suspend");
  return (
    <ActDialog
      label={label}
      fullLabel={`${label}: ${short(member.wallet)}`}
      refused={maySuspend(access, member.roles)}
    >
      {isSuspended ? (
        <Readmission access={access} member={member} />
      ) : (
        <Suspension access={access} member={member} />
      )}
    </ActDialog>
  );
}

function Suspension({ access, member }: { access: Access; member: registry.Participant }) {
  const { t } = useTranslation();
  const { addresses, actor, send, review } = useSend(access);
  const action = useAction();
  const [reason, setReason] = useState<SuspensionReason>("asked");
  const [text, setText] = useState("");
  const [evidence, setEvidence] = useState<Uint8Array>();
  const names = Object.keys(SUSPENSION_REASONS) as SuspensionReason[];
  const options = names.map((value) => ({ value, label: t(`desk.suspension.${value}`) }));
  const suspend = async (options: SendOptions) => {
    const code = SUSPENSION_REASONS[reason];
    const { wallet } = member;
    const act = await instructions.suspend(addresses, actor, wallet, code, evidence ?? null);
    return send([act, ...(await review(member))], { ...options, text });
  };
  return (
    <>
      <p>{t("desk.members.suspendHint")}</p>
      <ReasonFields
        reasons={{ value: reason, options, onChange: setReason }}
        text={text}
        onText={setText}
      />
      <FileField
        label={t("desk.members.evidence")}
        hint={
          evidence ? (
            <code className="record__hash">{hex(evidence)}</code>
          ) : (
            t("desk.members.evidenceHint")
          )
        }
        onPick={(file) => void hashOf(file).then(setEvidence, () => setEvidence(undefined))}
      />
      <Button
        disabled={action.isBusy || !memoFits(text)}
        onClick={() =>
          void action.run(`${t("desk.members.suspend")}: ${short(member.wallet)}`, suspend)
        }
      >
        {t("desk.members.suspend")}
      </Button>
      <ActionNote action={action} done={t("desk.members.suspendDone")} />
    </>
  );
}

function Readmission({ access, member }: { access: Access; member: registry.Participant }) {
  const { t } = useTranslation();
  const { addresses, actor, send, review } = useSend(access);
  const action = useAction();
  const [text, setText] = useState("");
  const readmit = async (options: SendOptions) => {
    const act = await instructions.reinstate(addresses, actor, member.wallet);
    return send([act, ...(await review(member))], { ...options, text });
  };
  const run = () =>
    void action.run(`${t("desk.members.readmit")}: ${short(member.wallet)}`, readmit);
  const reason = <ReasonFields text={text} onText={setText} />;
  if (privilegedIn(member.roles).length > 0)
    return (
      <OfficeApproval
        applicant={member}
        action={action}
        comesBack
        approve={run}
        isReady={memoFits(text)}
        done={t("desk.members.readmitDone")}
      >
        {reason}
      </OfficeApproval>
    );
  return (
    <>
      <p>{t("desk.members.readmitHint")}</p>
      {reason}
      <Button disabled={action.isBusy || !memoFits(text)} onClick={run}>
        {t("desk.members.readmit")}
      </Button>
      <ActionNote action={action} done={t("desk.members.readmitDone")} />
    </>
  );
}
