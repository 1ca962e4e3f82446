// A new meter: what its verifier has found, and its owner's signature asked for.

import {
  kWhSum,
  oracle,
  parseDecimal,
  registry,
  watts,
  wh,
  type CoSigned,
} from "@joulebook/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { deviceKeyOf } from "../../cosignature/device-key";
import { ASSETS, SOURCES, type AssetName, type SourceName } from "../../cosignature/names";
import { decimalText, entered } from "../../household/entry";
import { useCommunity } from "../../market/community";
import { Button, Card, Field, Notice } from "../../ui";
import { short } from "../../wallet/short";
import type { Access } from "../access";
import { mayVerify } from "../may";
import { ActButton } from "../ActButton";
import { useParticipants } from "../queries";
import { SelectField } from "../SelectField";
import { AskOwner } from "./AskOwner";

export function RegisterMeter({ access }: { access: Access }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const { data: community } = useCommunity();
  const refused = community?.isPaused ? ("paused" as const) : mayVerify(access, -1);
  return (
    <Card title={t("desk.register.title")}>
      <p className="quiet">{t("desk.register.text")}</p>
      {isOpen && !refused ? (
        <>
          <Details access={access} />
          <Button quiet onClick={() => setIsOpen(false)}>
            {t("desk.register.leave")}
          </Button>
        </>
      ) : (
        <ActButton refused={refused} onClick={() => setIsOpen(true)}>
          {t("desk.register.open")}
        </ActButton>
      )}
    </Card>
  );
}

const EMPTY = {
  ...{ device: "", maxImport: "10", maxExport: "10", standardDraw: "0" },
  ...{ drawn: "0", fedIn: "0" },
};
type FieldName = keyof typeof EMPTY;
const UNITS: Partial<Record<FieldName, string>> = {
  ...{ maxImport: "kW", maxExport: "kW", standardDraw: "Wh", drawn: "kWh", fedIn: "kWh" },
};
const FIELDS = ["device", "maxImport", "maxExport", "drawn", "fedIn", "standardDraw"] as const;

function Details({ access }: { access: Access }) {
  const { t, i18n } = useTranslation();
  const { data: participants } = useParticipants();
  const { data: community } = useCommunity();
  const [texts, setTexts] = useState(EMPTY);
  const [zone, setZone] = useState(0);
  const [asset, setAsset] = useState<AssetName>("mixed");
  const [source, setSource] = useState<SourceName>("sun");
  const owners = (participants ?? []).filter(
    ({ status, index }) =>
      status === registry.ParticipantStatus.Active && mayVerify(access, index) === undefined,
  );
  const [chosen, setChosen] = useState<string>();
  const owner = owners.find(({ wallet }) => wallet === chosen) ?? owners[0];
  const number = (name: FieldName, decimals: number) =>
    entered(() => Number(parseDecimal(decimalText(texts[name], i18n.language), decimals)));
  const energy = (name: FieldName) =>
    entered(() => kWhSum(decimalText(texts[name], i18n.language)));
  const values = {
    device: deviceKeyOf(texts.device),
    ...{ maxImport: number("maxImport", 3), maxExport: number("maxExport", 3) },
    ...{ standardDraw: number("standardDraw", 0), drawn: energy("drawn"), fedIn: energy("fedIn") },
  };
  const change = (): CoSigned | undefined => {
    const { device, maxImport, maxExport, standardDraw, drawn, fedIn } = values;
    if (!owner || !device || maxImport === undefined || maxExport === undefined) return undefined;
    if (standardDraw === undefined || drawn === undefined || fedIn === undefined) return undefined;
    return entered(() => ({
      ...{ kind: "registerMeter", owner: owner.wallet },
      details: {
        ...{ ...device, zone, assetKind: ASSETS[asset], import: drawn, export: fedIn },
        source: maxExport === 0 ? oracle.EnergySource.None : SOURCES[source],
        ...{ maxImport: watts(maxImport), maxExport: watts(maxExport) },
        standardDraw: wh(standardDraw),
      },
    }));
  };
  if (!owner) return <Notice title={t("desk.register.nobody")} />;
  return (
    <div className="form">
      <SelectField
        label={t("desk.register.owner")}
        value={owner.wallet as string}
        options={owners.map(({ wallet, index }) => ({
          value: wallet as string,
          label: t("desk.members.household", { number: index, wallet: short(wallet) }),
        }))}
        onChange={setChosen}
      />
      {FIELDS.map((name) => (
        <Field
          key={name}
          label={t(`desk.register.${name}`)}
          {...(name === "device" && { inputMode: "text" as const, spellCheck: false })}
          {...(UNITS[name] && { unit: UNITS[name] })}
          value={texts[name]}
          onChange={(text) => setTexts({ ...texts, [name]: text })}
          hint={t(`desk.register.hint.${name}`)}
          error={
            texts[name] !== "" && values[name] === undefined
              ? t(name === "device" ? "desk.register.noKey" : "trade.noNumber")
              : undefined
          }
        />
      ))}
      <SelectField
        label={t("desk.register.asset")}
        value={asset}
        options={(Object.keys(ASSETS) as AssetName[]).map((value) => ({
          value,
          label: t(`cosign.asset.${value}`),
        }))}
        onChange={setAsset}
      />
      <SelectField
        label={t("desk.register.source")}
        value={source}
        options={(Object.keys(SOURCES) as SourceName[]).map((value) => ({
          value,
          label: t(`cosign.source.${value}`),
        }))}
        onChange={setSource}
      />
      {community && community.zones.length > 1 && (
        <SelectField
          label={t("desk.register.zone")}
          value={zone}
          options={community.zones.map((label, value) => ({ value, label }))}
          onChange={setZone}
        />
      )}
      <AskOwner access={access} change={change()} />
    </div>
  );
}
