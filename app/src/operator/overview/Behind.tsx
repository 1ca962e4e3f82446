// What a keeper, a gateway or the indexer should have done by now.

import { oracle, registry } from "@joulebook/client";
import { useTranslation } from "react-i18next";

import { useMarket, useNow } from "../../chain/market-context";
import { useFormats } from "../../format/use-formats";
import { lateOf, stepsOf, type Step } from "../../market/due";
import { useHeads } from "../../market/heads";
import { useIndexerState } from "../../market/queries";
import { Card, Notice, Stat } from "../../ui";
import { bySilence } from "../meters/silence";
import { useAllMeters, useParticipants } from "../queries";

/** Which steps of a keeper are late, by what waits for them. */
const BEHIND: Readonly<Record<"windows" | "positions" | "pages", readonly Step["kind"][]>> = {
  windows: ["openWindow", "clear", "allocate"],
  positions: ["settle"],
  pages: ["openPage", "finishIntervalPage", "finishPage"],
};

/** Windows, pages or positions: a page's readings and its positions are finished one after the other. */
const countOf = (steps: readonly Step[]) =>
  [...new Map(steps.map((step) => [step.start, step.positions ?? 1])).values()].reduce(
    (sum, count) => sum + count,
    0,
  );

export function Behind() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { addresses } = useMarket();
  const { heads } = useHeads();
  const now = useNow(2_000);
  const { data: meters } = useAllMeters();
  const { data: participants } = useParticipants();
  const { data: indexer } = useIndexerState();
  const time = BigInt(Math.floor(now ?? 0));
  const late = heads && now !== undefined ? lateOf(stepsOf(heads, time), time) : undefined;
  const heard = meters && now !== undefined ? bySilence(meters, now, addresses.pageSeconds) : [];
  const silent = heard.filter(({ isSilent }) => isSilent).length;
  const quarantined = heard.filter(({ status }) => status === oracle.MeterStatus.Quarantined);
  const applicants = (participants ?? []).filter(
    ({ status }) => status === registry.ParticipantStatus.Applied,
  );
  return (
    <Card title={t("desk.health.title")}>
      <div className="desk__stats">
        {Object.entries(BEHIND).map(([what, kinds]) => {
          const isRead = what !== "positions" || heads?.unsettled !== undefined;
          const steps = isRead ? late?.filter(({ kind }) => kinds.includes(kind)) : undefined;
          const [first] = steps ?? [];
          return (
            <Stat
              key={what}
              label={t(`behind.${what as keyof typeof BEHIND}`)}
              value={steps ? countOf(steps) : "–"}
              note={first && t("behind.since", { time: formats.dayTime(first.from) })}
            />
          );
        })}
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
