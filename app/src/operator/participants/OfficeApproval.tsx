// A second step before somebody is let in with an office: what it can do at worst, and a yes that is not given by the way.

import type { registry } from "@joulebook/client";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { ActionNote } from "../../household/ActionNote";
import type { Action } from "../../household/use-action";
import { Button } from "../../ui";
import { privilegedIn } from "./roles";

export function OfficeApproval(props: {
  applicant: registry.Participant;
  action: Action;
  approve: () => void;
}) {
  const { t } = useTranslation();
  const { applicant, action, approve } = props;
  const [isMeant, setIsMeant] = useState(false);
  const { reset } = action;
  // What is told there is of somebody else.
  useEffect(reset, [reset]);
  return (
    <>
      <code className="desk-list__wallet">{applicant.wallet}</code>
      <p>{t("officeStep.text")}</p>
      <dl className="office-powers">
        {privilegedIn(applicant.roles).map((office) => (
          <div key={office}>
            <dt>{t(`desk.roles.${office}`)}</dt>
            <dd>
              <p>{t(`officeStep.can.${office}`)}</p>
              <p className="quiet small">{t(`officeStep.worst.${office}`)}</p>
            </dd>
          </div>
        ))}
      </dl>
      <label className="check-field">
        <input
          type="checkbox"
          checked={isMeant}
          onChange={({ target }) => setIsMeant(target.checked)}
        />
        <span>{t("officeStep.confirm")}</span>
      </label>
      <Button disabled={!isMeant || action.isBusy} onClick={approve}>
        {t("officeStep.act")}
      </Button>
      {/* Once it is done, the applicant is none any more: that is told beside the list. */}
      {action.state.stage !== "done" && <ActionNote action={action} done="" />}
    </>
  );
}
