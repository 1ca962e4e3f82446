// The application to the community: what a household has, where it is, and the record that the operator wants to see.

import { registry, sendInstructions, type SendOptions } from "@joulebook/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useCommunity } from "../market/community";
import { Button, Choice, Notice } from "../ui";
import { ActionNote } from "./ActionNote";
import { useHousehold } from "./context";
import { hashIn, NOT_PICKED, RecordField, type PickedRecord } from "./RecordField";
import { useAction } from "./use-action";

const KINDS = ["home", "panels", "battery"] as const;
const ROLES = {
  home: registry.ROLE_CONSUMER,
  panels: registry.ROLE_CONSUMER | registry.ROLE_PRODUCER,
  battery: registry.ROLE_CONSUMER | registry.ROLE_PRODUCER | registry.ROLE_STORAGE,
};
const NO_PREFERENCES = { localPremium: 0, sources: 0, reserved: 0 };

export function Apply({ comesBack }: { comesBack: boolean }) {
  const { t } = useTranslation();
  const { market } = useHousehold();
  const { data: community } = useCommunity();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("panels");
  const [zone, setZone] = useState(0);
  const [record, setRecord] = useState<PickedRecord>(NOT_PICKED);
  const action = useAction();
  const identityHash = hashIn(record);
  const apply = async (hash: Uint8Array, options: SendOptions) => {
    const { addresses, trader: wallet } = market;
    const application = {
      ...{ wallet, community: addresses.community, roles: ROLES[kind], zone, balancingGroup: 0 },
      ...{ identityHash: hash, preferences: NO_PREFERENCES },
    };
    const instruction = comesBack
      ? registry.getApplyAgainInstruction({
          ...application,
          participant: await addresses.participant(wallet.address),
        })
      : await registry.getApplyInstructionAsync(application);
    return sendInstructions(market.connection, [instruction], options);
  };
  if (community?.isPaused) return <Notice alarm title={t("start.apply.paused")} />;
  return (
    <>
      <p>{t("start.apply.text")}</p>
      <Choice
        label={t("start.apply.kind")}
        value={kind}
        options={KINDS.map((value) => ({ value, label: t(`start.apply.${value}`) }))}
        onChange={setKind}
      />
      {community && community.zones.length > 1 && (
        <label className="field">
          <span className="field__label">{t("start.apply.zone")}</span>
          <span className="field__row">
            <select value={zone} onChange={({ target }) => setZone(Number(target.value))}>
              {community.zones.map((name, at) => (
                <option key={name} value={at}>
                  {name}
                </option>
              ))}
            </select>
          </span>
        </label>
      )}
      <RecordField record={record} onChange={setRecord} />
      <p className="quiet small">{t("start.apply.privacy")}</p>
      <Button
        disabled={action.isBusy || !identityHash}
        onClick={() =>
          identityHash &&
          void action.run(t("start.apply.title"), (options) => apply(identityHash, options))
        }
      >
        {t("start.apply.send")}
      </Button>
      <ActionNote action={action} done={t("start.apply.done")} />
    </>
  );
}
