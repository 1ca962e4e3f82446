// What a keeper, a gateway or the indexer should have done by now.

import { oracle, registry } from "@joulebook/client";
import { useTranslation } from "react-i18next";

import { useMarket, useMarketState, useNow } from "../../chain/market-context";
import { useFormats } from "../../format/use-formats";
import { Phase } from "../../market/phase";
import { useIndexerState } from "../../market/queries";
import { Card, Notice, Stat } from "../../ui";
import { bySilence } from "../meters/silence";
import { useAllMeters, useParticipants } from "../queries";

export function Behind() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { addresses } = useMarket();
  const { windows } = useMarketState();
  const now = useNow(2_000);
  const { data: meters } = useAllMeters();
  const { data: participants } = useParticipants();
  const { data: indexer } = useIndexerState();
  const late = windows.filter(
    ({ phase, gate, start, end }) =>
      phase === Phase.Open && now !== undefined && now >= Number(gate) + Number(end - start) / 2,
  );
  const heard = meters && now !== undefined ? bySilence(meters, now, addresses.pageSeconds) : [];
  const silent = heard.filter(({ isSilent }) => isSilent).length;
  const quarantined = heard.filter(({ status }) => status === oracle.MeterStatus.Quarantined);
  const applicants = (participants ?? []).filter(
    ({ status }) => status === registry.ParticipantStatus.Applied,
  );
  return (
    <Card title={t("desk.health.title")}>
      <div className="desk__stats">
        <Stat
          label={t("desk.health.behind")}
          value={late.length}
          note={late[0] && t("desk.health.behindNote", { time: formats.dayTime(late[0].start) })}
        />
        <Stat label={t("desk.health.applicants")} value={applicants.length} />
        <Stat label={t("desk.health.silent")} value={silent} />
        <Stat label={t("desk.health.quarantined")} value={quarantined.length} />
      </div>
      {indexer?.trouble && (
        <Notice alarm title={t("desk.health.indexer")}>
          {indexer.trouble}
        </Notice>
      )}
    </Card>
  );
}
