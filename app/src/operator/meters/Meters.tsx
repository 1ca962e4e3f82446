// All meters, those that are silent for the longest first.

import { oracle } from "@joulebook/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMarket, useNow } from "../../chain/market-context";
import { useFormats } from "../../format/use-formats";
import { Button, Card, Notice, Waiting } from "../../ui";
import { short } from "../../wallet/short";
import type { Access } from "../access";
import { ownersOf, useAllMeters, useParticipants } from "../queries";
import { MeterActs } from "./MeterActs";
import { bySilence, type HeardMeter } from "./silence";
import { useSpan } from "./use-span";

const { Active, Quarantined, Retired } = oracle.MeterStatus;
const STATES = { [Active]: "active", [Quarantined]: "quarantined", [Retired]: "retired" } as const;
const FIRST = 25;

export function Meters({ access }: { access: Access }) {
  const { t } = useTranslation();
  const { addresses } = useMarket();
  const now = useNow(5_000);
  const { data: meters, isError } = useAllMeters();
  const { data: participants } = useParticipants();
  const [count, setCount] = useState(FIRST);
  if (isError) return <Notice alarm title={t("desk.failed")} />;
  if (!meters || now === undefined) return <Waiting>{t("market.waiting")}</Waiting>;
  const sorted = bySilence(meters, now, addresses.pageSeconds);
  const silent = sorted.filter(({ isSilent }) => isSilent).length;
  const quarantined = sorted.filter(({ status }) => status === Quarantined).length;
  const owners = ownersOf(participants);
  return (
    <Card title={t("desk.meters.title")}>
      {meters.length === 0 ? (
        <p className="quiet">{t("desk.meters.none")}</p>
      ) : silent > 0 ? (
        <Notice title={t("desk.meters.silent", { count: silent })} />
      ) : (
        <p className="quiet">{t("desk.meters.allHeard")}</p>
      )}
      {quarantined > 0 && <p>{t("desk.meters.inQuarantine", { count: quarantined })}</p>}
      <ul className="desk-list">
        {sorted.slice(0, count).map((meter) => (
          <MeterRow
            key={meter.number}
            access={access}
            meter={meter}
            owner={owners.get(meter.participant)?.wallet}
          />
        ))}
      </ul>
      {sorted.length > count && (
        <Button quiet onClick={() => setCount(count + FIRST)}>
          {t("desk.more", { count: sorted.length - count })}
        </Button>
      )}
    </Card>
  );
}

function MeterRow(props: { access: Access; meter: HeardMeter; owner: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const span = useSpan();
  const { access, meter, owner } = props;
  const { number, participant, boundary, status, sequence, silentSeconds, isSilent, violations } =
    meter;
  const state = STATES[status as keyof typeof STATES] ?? "retired";
  return (
    <li data-state={isSilent ? "silent" : state}>
      <div className="desk-list__what">
        <strong>
          {t("desk.meters.meter", { number })}{" "}
          <span className={`badge badge--${isSilent ? "silent" : state}`}>
            {t(isSilent ? "desk.meters.isSilent" : `desk.meters.${state}`)}
          </span>
        </strong>
        <span>
          {t("desk.meters.of", { number: participant, wallet: owner ? short(owner) : "–" })}
        </span>
        <span className="quiet small">
          {sequence > 0n
            ? t("desk.meters.heardAt", {
                time: formats.dayTime(boundary),
                ago: span(silentSeconds),
              })
            : t("desk.meters.neverHeard")}
          {violations > 0 && ` · ${t("desk.meters.violations", { count: violations })}`}
          {meter.keyCopied !== 0 && ` · ${t("desk.meters.keyCopied")}`}
        </span>
      </div>
      {state !== "retired" && <MeterActs access={access} meter={meter} owner={owner} />}
    </li>
  );
}
