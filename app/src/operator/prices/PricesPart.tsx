// Prices of coming windows: a file, what it would change, and the signatures that post it.

import { readPricedWindows } from "@joulebook/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMarket, useNow } from "../../chain/market-context";
import { useFormats } from "../../format/use-formats";
import { Card, Choice, Notice, Waiting } from "../../ui";
import type { Access } from "../access";
import { FileField } from "../../ui/FileField";
import {
  PRICE_UNITS,
  PriceFileError,
  readPriceFile,
  type PriceFile,
  type PriceUnit,
} from "./price-file";
import { planPrices } from "./price-plan";
import { PlanTables } from "./PlanTables";
import { PostPrices } from "./PostPrices";
import { PriceChart } from "./PriceChart";

export function PricesPart({ access }: { access: Access }) {
  const { t } = useTranslation();
  const { token, parameters } = useMarket();
  const [unit, setUnit] = useState<PriceUnit>("token");
  const [picked, setPicked] = useState<File>();
  const [read, setRead] = useState<PriceFile | PriceFileError>();
  const take = async (file: File, of: PriceUnit) => {
    const options = { unit: of, decimals: token.decimals, step: parameters.windowSeconds };
    try {
      setRead(await readPriceFile(file, options));
    } catch (error) {
      setRead(error instanceof PriceFileError ? error : new PriceFileError("noCsv"));
    }
  };
  return (
    <>
      <Card title={t("desk.prices.title")}>
        <p className="quiet">{t("desk.prices.text")}</p>
        <Choice
          label={t("desk.prices.unit")}
          isLabelled
          value={unit}
          options={PRICE_UNITS.map((value) => ({ value, label: t(`desk.prices.per.${value}`) }))}
          onChange={(of) => (setUnit(of), picked && void take(picked, of))}
        />
        <FileField
          label={t("desk.prices.file")}
          accept=".csv,text/csv"
          hint={t("desk.prices.fileHint")}
          onPick={(file) => (setPicked(file), void take(file, unit))}
        />
        {read instanceof PriceFileError && (
          <Notice alarm title={t(`desk.prices.noFile.${read.fault}`)}>
            {read.text}
          </Notice>
        )}
      </Card>
      {read && !(read instanceof PriceFileError) && <Preview access={access} file={read} />}
    </>
  );
}

function Preview({ access, file }: { access: Access; file: PriceFile }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const market = useMarket();
  const now = useNow(5_000);
  const { data: windows, isError } = useQuery({
    queryKey: ["live", "priced", market.addresses.market],
    queryFn: () => readPricedWindows(market),
  });
  if (isError) return <Notice alarm title={t("desk.failed")} />;
  if (!windows || now === undefined) return <Waiting>{t("market.waiting")}</Waiting>;
  const plan = planPrices(windows, file.entries, now, market.parameters);
  const posted = plan.windows.filter(({ kept }) => kept === undefined);
  return (
    <Card title={t("desk.prices.preview")}>
      <p>
        {t("desk.prices.toPost", { count: posted.length })}{" "}
        {t("desk.prices.kept", { count: plan.windows.length - posted.length })}{" "}
        {file.rejected.length > 0 && t("desk.prices.rejected", { count: file.rejected.length })}
      </p>
      {plan.laterUntil !== undefined && (
        <p className="quiet">
          {t("desk.prices.later", { time: formats.dayTime(plan.laterUntil) })}
        </p>
      )}
      {plan.windows.length > 0 && (
        <PriceChart windows={plan.windows} seconds={market.parameters.windowSeconds} />
      )}
      <PlanTables plan={plan} rejected={file.rejected} />
      <PostPrices access={access} windows={posted.map(({ wanted }) => wanted)} />
    </Card>
  );
}
