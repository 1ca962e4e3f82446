// Prices and volumes of a day, by themselves.

import { useTranslation } from "react-i18next";

import { useMarket } from "../chain/market-context";
import { useFormats } from "../format/use-formats";
import { Card } from "../ui";
import { DayChart } from "./DayChart";
import { useDayWindows } from "./day-windows";
import { useWindows } from "./queries";

export function PricesOfDay(props: { bounds: readonly [number, number]; now: number | undefined }) {
  const { bounds, now } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const { parameters } = useMarket();
  const windows = useDayWindows(useWindows(...bounds).data, bounds, now);
  const title = t("day.title", { day: formats.day(bounds[0]) });
  return (
    <Card title={title}>
      <DayChart
        windows={windows}
        bounds={bounds}
        seconds={parameters.windowSeconds}
        now={now}
        title={title}
      />
    </Card>
  );
}
