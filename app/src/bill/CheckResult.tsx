// What a check came to: the verdict, its steps, and what stays open.

import { BILL_LINES, type UnprovenReason } from "@joulebook/client";
import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import { Notice } from "../ui";
import type { Account } from "./account";
import type { Check } from "./compare";
import { CheckAccounts, CheckLines, CheckWindows } from "./CheckTables";

/** Open, and no fault of anybody's. */
const EXPECTED: readonly UnprovenReason[] = ["notOver"];

export function CheckResult(props: {
  check: Check;
  /** The bill as it is now. */
  shown: Account;
  explorer: string | null;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { check, shown, explorer } = props;
  const { proof, account, verdict, windows, lines } = check;
  const { intervals } = proof;
  const isShown = account !== undefined && isSameBill(account, shown);
  const differing = lines.filter(({ billed, proven }) => billed !== proven).length;
  // What is wrong may be beside the lines: windows that there are not, or a sum.
  const isWrong = differing > 0 || (verdict === "fails" && intervals.contradicted === 0);
  const isSigned = intervals.unsigned + intervals.contradicted + intervals.missing === 0;
  const pages = proof.witnesses.filter(({ windows }) => windows > 0).length;
  return (
    <div className="check__result">
      <Notice
        alarm={verdict === "fails"}
        good={isShown && (verdict === "holds" || verdict === "partly")}
        title={t(`proof.verdict.${verdict}`)}
      >
        {t("proof.verdictHint", { count: windows, proven: proof.windows.length })}
      </Notice>
      {account && !isShown && (
        <Notice title={t("proof.since.title")}>
          {t("proof.since.text", { total: formats.money(account.total) })}
        </Notice>
      )}
      <ol className="check__steps">
        <Step
          state={proof.windows.length === 0 ? "open" : "done"}
          title={t("proof.accounts.title")}
          text={t("proof.accounts.text", { count: pages, windows: proof.windows.length })}
        >
          <CheckAccounts proof={proof} />
        </Step>
        <Step
          state={intervals.contradicted > 0 ? "wrong" : isSigned ? "done" : "open"}
          title={t("proof.signatures.title")}
          text={[
            t("proof.signatures.verified", { count: proof.verified }),
            t("proof.signatures.signed", { count: intervals.signed }),
            ...(["replaced", "missing", "unsigned", "contradicted"] as const)
              .filter((evidence) => intervals[evidence] > 0)
              .map((evidence) => t(`proof.signatures.${evidence}`, { count: intervals[evidence] })),
            ...(proof.refused > 0 ? [t("proof.signatures.refused", { count: proof.refused })] : []),
          ].join(" ")}
        >
          <CheckWindows proof={proof} explorer={explorer} />
        </Step>
        <Step
          state={isWrong ? "wrong" : proof.windows.length === 0 ? "open" : "done"}
          title={t("proof.lines.title")}
          text={t(
            differing > 0
              ? "proof.lines.differ"
              : isWrong
                ? "proof.lines.beside"
                : "proof.lines.same",
            {
              count: differing,
              windows: proof.windows.length,
            },
          )}
        >
          <CheckLines lines={lines} />
        </Step>
      </ol>
      <Open check={check} />
      <p className="quiet small">{t("proof.believed", { count: proof.requests })}</p>
    </div>
  );
}

/** Whether both have the same amounts. */
const isSameBill = (one: Account, other: Account) =>
  one.total === other.total &&
  BILL_LINES.every((name) => one.lines[name].amount === other.lines[name].amount);

const ICONS = { done: CircleCheck, open: CircleDashed, wrong: CircleX };

function Step(props: {
  state: keyof typeof ICONS;
  title: string;
  text: string;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const Icon = ICONS[props.state];
  return (
    <li className={`check__step check__step--${props.state}`}>
      <Icon size={22} aria-label={t(`proof.step.${props.state}`)} role="img" />
      <div>
        <h3>{props.title}</h3>
        <p>{props.text}</p>
        {props.children}
      </div>
    </li>
  );
}

/** What could not be checked, and why. */
function Open({ check }: { check: Check }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { unproven } = check.proof;
  if (unproven.length === 0 && check.apart === 0n) return null;
  const isFine = check.apart === 0n && unproven.every(({ why }) => EXPECTED.includes(why));
  return (
    <section className="check__open">
      <h3>{t(isFine ? "proof.open.rest" : "proof.open.title")}</h3>
      <ul>
        {unproven.map(({ since, until, why }) => (
          <li key={`${why} ${since}`}>
            <span className="quiet">
              {formats.dayTime(since)} – {formats.dayTime(until)}
            </span>{" "}
            {t(`proof.open.${why}`)}
          </li>
        ))}
        {check.apart !== 0n && (
          <li>
            {t(`proof.open.${check.isMonth ? "silenceOfMonth" : "afterSilence"}`, {
              amount: formats.money(check.apart),
            })}
          </li>
        )}
      </ul>
    </section>
  );
}
