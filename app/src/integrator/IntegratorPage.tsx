// For whoever writes programs for this market: where everything is, and programs that run as they are.

import { market as programs, oracle, registry } from "@joulebook/client";
import { useTranslation } from "react-i18next";

import { useConfiguration, useMarket } from "../chain/market-context";
import { Card } from "../ui";
import { CopyButton } from "./CopyButton";
import { PROGRAMS, programOf, questionsOf, type Place } from "./snippets";
import "./integrator.css";

export function IntegratorPage() {
  const { t } = useTranslation();
  const { cluster, market, indexer } = useConfiguration();
  const place: Place = {
    ...{ url: cluster.url, wsUrl: cluster.wsUrl, market },
    indexer: indexer === null ? undefined : new URL(indexer, location.href).href.replace(/\/$/, ""),
  };
  return (
    <>
      <div className="page-head">
        <h1>{t("integrator.title")}</h1>
        <p className="quiet">{t("integrator.text")}</p>
      </div>
      <div className="cards">
        <Programs place={place} />
        <Questions place={place} />
        <Addresses place={place} />
      </div>
    </>
  );
}

function Programs({ place }: { place: Place }) {
  const { t } = useTranslation();
  return (
    <Card className="cards__whole" title={t("integrator.sdk.title")}>
      <p>{t("integrator.sdk.text")}</p>
      <p className="quiet small">{t("integrator.sdk.install")}</p>
      {PROGRAMS.map((name) => (
        <Snippet
          key={name}
          title={t(`integrator.sdk.${name}`)}
          file={`${name}.mjs`}
          text={programOf(name, place)}
        />
      ))}
    </Card>
  );
}

function Questions({ place }: { place: Place }) {
  const { t } = useTranslation();
  const questions = questionsOf(place);
  return (
    <Card title={t("integrator.api.title")}>
      {questions === undefined ? (
        <p className="quiet">{t("market.noIndexer")}</p>
      ) : (
        <>
          <p>{t("integrator.api.text")}</p>
          <p>
            <a href={`${place.indexer}/v1/openapi.json`}>{t("integrator.api.description")}</a>
          </p>
          <Snippet title={t("integrator.api.ask")} file="ask.sh" text={questions} />
          <p className="quiet small">{t("integrator.api.privacy")}</p>
        </>
      )}
    </Card>
  );
}

function Snippet({ title, file, text }: { title: string; file: string; text: string }) {
  return (
    <div className="snippet">
      <div className="snippet__head">
        <h3>{title}</h3>
        <CopyButton text={text} what={title} />
      </div>
      <pre tabIndex={0} role="region" aria-label={title} data-file={file}>
        <code>{text}</code>
      </pre>
    </div>
  );
}

function Addresses({ place }: { place: Place }) {
  const { t } = useTranslation();
  const { addresses, token } = useMarket();
  const rows = [
    ["rpc", place.url],
    ["subscriptions", place.wsUrl],
    ["api", place.indexer],
    ["market", addresses.market],
    ["community", addresses.community],
    ["ledger", addresses.ledger],
    ["meterTable", addresses.meterTable],
    ["mint", token.mint],
    ["registryProgram", registry.REGISTRY_PROGRAM_ADDRESS],
    ["oracleProgram", oracle.ORACLE_PROGRAM_ADDRESS],
    ["marketProgram", programs.MARKET_PROGRAM_ADDRESS],
  ] as const;
  return (
    <Card title={t("integrator.addresses.title")}>
      <dl className="integrator__addresses">
        {rows.map(
          ([name, text]) =>
            text !== undefined && (
              <div key={name}>
                <dt>{t(`integrator.addresses.${name}`)}</dt>
                <dd>
                  <code>{text}</code>
                  <CopyButton text={text} what={t(`integrator.addresses.${name}`)} />
                </dd>
              </div>
            ),
        )}
      </dl>
    </Card>
  );
}
