// A meter goes out of service for good: by the authority alone, or with its last registers and its owner's signature.

import { instructions, kWhSum, type OwnMeter, type SendOptions } from "@joulebook/client";
import { address } from "@solana/kit";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ActionNote } from "../../household/ActionNote";
import { decimalText, entered } from "../../household/entry";
import { useAction } from "../../household/use-action";
import { Button, Choice, Field } from "../../ui";
import type { Access } from "../access";
import { mayRetireAlone } from "../may";
import { ReasonFields } from "../ReasonFields";
import { memoFits, useSend } from "../use-send";
import { AskOwner } from "./AskOwner";

type About = { access: Access; meter: OwnMeter; owner: string };

export function Retirement(props: Omit<About, "owner"> & { owner: string | undefined }) {
  const { t } = useTranslation();
  const isAlone = mayRetireAlone(props.access) === undefined;
  const [way, setWay] = useState<"alone" | "together">(isAlone ? "alone" : "together");
  const { owner } = props;
  if (owner === undefined) return <p>{t("market.waiting")}</p>;
  return (
    <>
      <p>{t("desk.retire.hint")}</p>
      {isAlone && (
        <Choice
          label={t("desk.retire.way")}
          isLabelled
          value={way}
          options={[
            { value: "alone", label: t("desk.retire.alone") },
            { value: "together", label: t("desk.retire.together") },
          ]}
          onChange={setWay}
        />
      )}
      {way === "alone" ? <Alone {...props} owner={owner} /> : <Together {...props} owner={owner} />}
    </>
  );
}

function Alone({ access, meter, owner }: About) {
  const { t } = useTranslation();
  const { addresses, actor, send } = useSend(access);
  const action = useAction();
  const [text, setText] = useState("");
  const retire = async (options: SendOptions) => {
    const wallet = address(owner);
    const act = await instructions.retireMeter(addresses, actor, wallet, meter.number, null);
    return send([act], { ...options, text });
  };
  return (
    <>
      <p className="quiet">{t("desk.retire.aloneHint")}</p>
      <ReasonFields text={text} onText={setText} />
      <Button
        disabled={action.isBusy || !memoFits(text)}
        onClick={() =>
          void action.run(
            t("desk.meters.actOn", { act: t("desk.meters.retire"), number: meter.number }),
            retire,
          )
        }
      >
        {t("desk.meters.retire")}
      </Button>
      <ActionNote action={action} done={t("desk.retire.done")} />
    </>
  );
}

function Together({ access, meter, owner }: About) {
  const { t, i18n } = useTranslation();
  const [drawn, setDrawn] = useState("");
  const [fedIn, setFedIn] = useState("");
  const read = (text: string) => entered(() => kWhSum(decimalText(text, i18n.language)));
  const [last, lastFedIn] = [read(drawn), read(fedIn)];
  const errorOf = (text: string, value: bigint | undefined) =>
    text !== "" && value === undefined ? t("trade.noNumber") : undefined;
  return (
    <>
      <p className="quiet">{t("desk.retire.togetherHint")}</p>
      <Field
        label={t("desk.retire.drawn")}
        unit="kWh"
        value={drawn}
        onChange={setDrawn}
        error={errorOf(drawn, last)}
      />
      <Field
        label={t("desk.retire.fedIn")}
        unit="kWh"
        value={fedIn}
        onChange={setFedIn}
        error={errorOf(fedIn, lastFedIn)}
      />
      <AskOwner
        access={access}
        change={
          last === undefined || lastFedIn === undefined
            ? undefined
            : {
                ...{ kind: "retireMeter", owner: address(owner), meter: meter.number },
                registers: { import: last, export: lastFedIn },
              }
        }
      />
    </>
  );
}
