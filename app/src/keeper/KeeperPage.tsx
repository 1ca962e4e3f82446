// For whoever moves the market along: what is due, what was done, what it cost, and how the daemons are.

import { useTranslation } from "react-i18next";

import { Due } from "./Due";
import { HealthCard } from "./HealthCard";
import { Runs } from "./Runs";
import "./keeper.css";

export function KeeperPage() {
  const { t } = useTranslation();
  return (
    <>
      <div className="page-head">
        <h1>{t("keeper.title")}</h1>
        <p className="quiet">{t("keeper.text")}</p>
      </div>
      <div className="cards">
        <Due />
        <HealthCard />
        <Runs />
      </div>
    </>
  );
}
