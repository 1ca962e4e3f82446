// What a change does, in sentences: said before anybody signs it.

import { formatKwh, oracle, type CoSigned } from "@joulebook/client";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { useCommunity } from "../market/community";
import { deviceKeyText } from "./device-key";
import { assetName, sourceName } from "./names";

export function ChangeInWords({ change }: { change: CoSigned }) {
  const { t } = useTranslation();
  const { data: community } = useCommunity();
  return (
    <ul className="say">
      {sentencesOf(change, t, community?.zones ?? []).map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
      <li>{t("cosign.say.agrees", { wallet: change.owner, community: community?.name ?? "" })}</li>
    </ul>
  );
}

export function sentencesOf(change: CoSigned, t: TFunction, zones: readonly string[]): string[] {
  if (change.kind === "retireMeter") {
    const { meter, registers } = change;
    return [
      t("cosign.say.retire", { meter }),
      registers ? t("cosign.say.last", registersOf(registers)) : t("cosign.say.lastUnnamed"),
    ];
  }
  const { details } = change;
  const { zone, assetKind, source, maxImport, maxExport, standardDraw, keyKind } = details;
  const isEd25519 = keyKind === oracle.KeyKind.Ed25519;
  return [
    t("cosign.say.register", { zone: zones[zone] ?? String(zone) }),
    t("cosign.say.device", {
      key: deviceKeyText(details),
      curve: isEd25519 ? "Ed25519" : "P-256",
    }),
    t("cosign.say.measures", {
      asset: t(`cosign.asset.${assetName(assetKind) ?? "unknown"}`),
      source: t(`cosign.source.${sourceName(source) ?? "unknown"}`),
    }),
    t("cosign.say.limits", { drawn: kilowatts(maxImport), fedIn: kilowatts(maxExport) }),
    t("cosign.say.shows", registersOf(details)),
    t("cosign.say.draw", { energy: String(standardDraw) }),
  ];
}

const registersOf = (of: Pick<oracle.FinalRegisters, "import" | "export">) => ({
  drawn: formatKwh(of.import),
  fedIn: formatKwh(of.export),
});

const kilowatts = (power: number) => String(power / 1000);
