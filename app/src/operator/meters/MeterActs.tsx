// What is done about a meter: quarantine, release, retirement.

import { instructions, oracle, type OwnMeter, type SendOptions } from "@joulebook/client";
import { address } from "@solana/kit";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ActionNote } from "../../household/ActionNote";
import { useAction } from "../../household/use-action";
import { Button } from "../../ui";
import type { Access } from "../access";
import { ActDialog } from "../ActDialog";
import { mayQuarantine, mayRelease, mayVerify } from "../may";
import { ReasonFields } from "../ReasonFields";
import { memoFits, useSend } from "../use-send";
import { QUARANTINE_REASONS, type QuarantineReason } from "./reasons";
import { Retirement } from "./Retirement";

type About = { access: Access; meter: OwnMeter };

export function MeterActs(props: About & { owner: string | undefined }) {
  const { t } = useTranslation();
  const { access, meter, owner } = props;
  const isQuarantined = meter.status === oracle.MeterStatus.Quarantined;
  const named = (label: string) => t("desk.meters.actOn", { act: label, number: meter.number });
  const [quarantine, release, retire] = [
    t("desk.meters.quarantine"),
    t("desk.meters.release"),
    t("desk.meters.retire"),
  ];
  return (
    <div className="desk-list__acts">
      {isQuarantined ? (
        <ActDialog label={release} fullLabel={named(release)} refused={mayRelease(access, meter)}>
          <Release access={access} meter={meter} owner={owner} />
        </ActDialog>
      ) : (
        <ActDialog label={quarantine} fullLabel={named(quarantine)} refused={mayQuarantine(access)}>
          <Quarantine access={access} meter={meter} />
        </ActDialog>
      )}
      <ActDialog
        label={retire}
        fullLabel={named(retire)}
        refused={mayVerify(access, meter.participant)}
      >
        <Retirement access={access} meter={meter} owner={owner} />
      </ActDialog>
    </div>
  );
}

function Quarantine({ access, meter }: About) {
  const { t } = useTranslation();
  const { addresses, actor, send } = useSend(access);
  const action = useAction();
  const [reason, setReason] = useState<QuarantineReason>("implausible");
  const [text, setText] = useState("");
  const names = Object.keys(QUARANTINE_REASONS) as QuarantineReason[];
  const options = names.map((value) => ({ value, label: t(`desk.quarantine.${value}`) }));
  const quarantine = async (options: SendOptions) => {
    const code = QUARANTINE_REASONS[reason];
    return send([instructions.quarantineMeter(addresses, actor, meter.number, code)], {
      ...options,
      text,
    });
  };
  return (
    <>
      <p>{t("desk.meters.quarantineHint")}</p>
      <ReasonFields
        reasons={{ value: reason, options, onChange: setReason }}
        text={text}
        onText={setText}
      />
      <Button
        disabled={action.isBusy || !memoFits(text)}
        onClick={() =>
          void action.run(
            t("desk.meters.actOn", { act: t("desk.meters.quarantine"), number: meter.number }),
            quarantine,
          )
        }
      >
        {t("desk.meters.quarantine")}
      </Button>
      <ActionNote action={action} done={t("desk.meters.quarantineDone")} />
    </>
  );
}

function Release({ access, meter, owner }: About & { owner: string | undefined }) {
  const { t } = useTranslation();
  const { addresses, actor, send } = useSend(access);
  const action = useAction();
  const [text, setText] = useState("");
  if (owner === undefined) return <p>{t("market.waiting")}</p>;
  const release = async (options: SendOptions) =>
    send([await instructions.restoreMeter(addresses, actor, address(owner), meter.number)], {
      ...options,
      text,
    });
  return (
    <>
      <p>{t("desk.meters.releaseHint")}</p>
      <ReasonFields text={text} onText={setText} />
      <Button
        disabled={action.isBusy || !memoFits(text)}
        onClick={() =>
          void action.run(
            t("desk.meters.actOn", { act: t("desk.meters.release"), number: meter.number }),
            release,
          )
        }
      >
        {t("desk.meters.release")}
      </Button>
      <ActionNote action={action} done={t("desk.meters.releaseDone")} />
    </>
  );
}
