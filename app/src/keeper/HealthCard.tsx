// How the daemons are, in their own words.

import { CircleAlert, CircleCheck, CircleHelp } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Card, Waiting } from "../ui";
import { short } from "../wallet/short";
import type { Health } from "./health";
import { useHealth } from "./queries";

/** Those that have a name in the reader's language; others are called as the configuration does. */
const KNOWN = ["keeper", "gateway", "agent", "indexer"] as const;

export function HealthCard() {
  const { t } = useTranslation();
  const daemons = useHealth();
  return (
    <Card title={t("keeper.health.title")}>
      {daemons.length === 0 && <p className="quiet">{t("keeper.health.nowhere")}</p>}
      <ul className="keeper__list">
        {daemons.map(({ name, health }) => {
          const known = KNOWN.find((each) => each === name);
          return (
            <li key={name} className="keeper__daemon">
              <strong>{known ? t(`keeper.daemon.${known}`) : name}</strong>
              {health ? <Word health={health} /> : <Waiting>{t("market.waiting")}</Waiting>}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

/** Parts are called by the addresses of their markets. */
const shortened = (part: string) => part.replace(/[1-9A-HJ-NP-Za-km-z]{32,44}/g, short);

function Word({ health }: { health: Health }) {
  const { t } = useTranslation();
  const { isHealthy, parts, status } = health;
  const wrong = parts.filter(([, word]) => word !== "ok");
  const [kind, Icon] =
    isHealthy === undefined
      ? (["away", CircleHelp] as const)
      : isHealthy
        ? (["well", CircleCheck] as const)
        : (["ill", CircleAlert] as const);
  return (
    <div className={`keeper__word keeper__word--${kind}`}>
      <Icon size={20} aria-hidden />
      <div>
        <span>{t(`keeper.health.${kind}`)}</span>
        {kind === "away" && (
          <span className="quiet small">
            {status === undefined
              ? t("keeper.health.silent")
              : t("keeper.health.status", { status })}
          </span>
        )}
        {kind === "well" && (
          <span className="quiet small">{parts.map(([part]) => shortened(part)).join(", ")}</span>
        )}
        {wrong.map(([part, word]) => (
          <span key={part} className="small">
            {shortened(part)}: {word}
          </span>
        ))}
      </div>
    </div>
  );
}
