// What a keeper has to do now, and what comes next.

import { useTranslation } from "react-i18next";

import { useNow } from "../chain/market-context";
import { useFormats } from "../format/use-formats";
import { lateOf, stepsOf, type Step } from "../market/due";
import { useHeads } from "../market/heads";
import { Card, Notice, Waiting } from "../ui";

export function Due() {
  const { t } = useTranslation();
  const now = useNow(1_000);
  const { heads, error } = useHeads();
  const steps = heads && now !== undefined ? stepsOf(heads, BigInt(Math.floor(now))) : undefined;
  const late = lateOf(steps ?? [], BigInt(Math.floor(now ?? 0)));
  const [due, coming] = [true, false].map((isDue) =>
    steps?.filter(({ from }) => Number(from) <= (now ?? 0) === isDue),
  );
  return (
    <Card title={t("keeper.due.title")}>
      {!steps && !error && <Waiting>{t("market.waiting")}</Waiting>}
      {!steps && error && <p className="quiet">{t("weather.noHistory")}</p>}
      {late.length > 0 && (
        <Notice alarm title={t("keeper.due.late", { count: late.length })}>
          {t("keeper.due.lateHint")}
        </Notice>
      )}
      {due && (
        <>
          {due.length === 0 ? (
            heads?.unsettled && <p className="keeper__none">{t("keeper.due.none")}</p>
          ) : (
            <Steps steps={due} now={now ?? 0} />
          )}
        </>
      )}
      {coming && coming.length > 0 && (
        <>
          <h3>{t("keeper.due.coming")}</h3>
          <Steps steps={coming} now={now ?? 0} />
        </>
      )}
      <p className="quiet small">{t("keeper.due.about")}</p>
    </Card>
  );
}

function Steps({ steps, now }: { steps: readonly Step[]; now: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <ul className="keeper__list">
      {steps.map(({ kind, start, end, from, positions }) => {
        const seconds = Number(from) - now;
        const time = formats.countdown(Math.abs(seconds));
        return (
          <li key={`${kind}-${start}`}>
            <span>
              <strong>{t(`keeper.step.${kind}`)}</strong>
              {start !== undefined && end !== undefined && (
                <span className="quiet small number">
                  {" "}
                  {formats.shortDay(start)}, {formats.span(start, end)}
                </span>
              )}
              {positions !== undefined && (
                <span className="quiet small">
                  {" "}
                  · {t("keeper.due.positions", { count: positions })}
                </span>
              )}
            </span>
            <span className="number">
              {seconds > 0 ? t("keeper.due.in", { time }) : t("keeper.due.since", { time })}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
