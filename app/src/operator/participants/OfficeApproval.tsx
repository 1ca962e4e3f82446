// A second step before somebody is let in with an office: what it can do at worst, and a yes that is not given by the way.

import type { registry } from "@joulebook/client";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ActionNote } from "../../household/ActionNote";
import type { Action } from "../../household/use-action";
import { Button, Notice } from "../../ui";
import { hex } from "../../household/record";
import { privilegedIn } from "./roles";

export function OfficeApproval(props: {
  applicant: registry.Participant;
  action: Action;
  /** Somebody who was in before. */
  comesBack?: boolean;
  approve: (seen: registry.Participant) => void;
  /** Whether what else belongs to it can be sent. */
  isReady?: boolean;
  /** What is said once it is done; nothing where the applicant is none any more by then, and that is told beside the list. */
  done?: string;
  /** What else belongs to it, before the yes. */
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const { applicant, action, comesBack = false, approve, isReady = true, done, children } = props;
  const [isMeant, setIsMeant] = useState(false);
  const [seen, setSeen] = useState(applicant);
  const [hasChanged, setHasChanged] = useState(false);
  // A yes is to what was shown when it was given: another application needs another one.
  if (applicationOf(seen) !== applicationOf(applicant)) {
    setSeen(applicant);
    setIsMeant(false);
    setHasChanged(true);
  }
  const { reset } = action;
  // What is told there is of somebody else.
  useEffect(reset, [reset]);
  return (
    <>
      <code className="desk-list__wallet">{seen.wallet}</code>
      <p>{t(comesBack ? "officeStep.again" : "officeStep.text")}</p>
      <dl className="office-powers">
        {privilegedIn(seen.roles).map((office) => (
          <div key={office}>
            <dt>{t(`desk.roles.${office}`)}</dt>
            <dd>
              <p>{t(`officeStep.can.${office}`)}</p>
              <p className="quiet small">{t(`officeStep.worst.${office}`)}</p>
            </dd>
          </div>
        ))}
      </dl>
      {children}
      {hasChanged && <Notice alarm title={t("officeStep.changed")} />}
      <label className="check-field">
        <input
          type="checkbox"
          checked={isMeant}
          onChange={({ target }) => setIsMeant(target.checked)}
        />
        <span>{t("officeStep.confirm")}</span>
      </label>
      <Button disabled={!isMeant || !isReady || action.isBusy} onClick={() => approve(seen)}>
        {t(comesBack ? "officeStep.actAgain" : "officeStep.act")}
      </Button>
      {(done !== undefined || action.state.stage !== "done") && (
        <ActionNote action={action} done={done ?? ""} />
      )}
    </>
  );
}

/** What is approved, in one text. */
const applicationOf = (of: registry.Participant) =>
  [of.wallet, of.roles, of.zone, of.balancingGroup, of.appliedAt, hex(of.identityHash)].join(" ");
