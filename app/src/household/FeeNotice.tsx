// A wallet that can't pay fees: told before anything is typed in vain.

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useConfiguration } from "../chain/market-context";
import { Notice } from "../ui";
import { useHousehold } from "./context";
import { TestMoney } from "./TestMoney";

/** What a transaction of a household costs at most, lamports. */
const FEE = 15_000n;
const MILLISECONDS = 30_000;

export function FeeNotice() {
  const { t } = useTranslation();
  const { cluster } = useConfiguration();
  const { market } = useHousehold();
  const { rpc, commitment } = market.connection;
  const { data: lamports } = useQuery({
    queryKey: ["lamports", market.owner],
    queryFn: async () => {
      const { value } = await rpc.getBalance(market.owner, { commitment }).send();
      return BigInt(value);
    },
    refetchInterval: MILLISECONDS,
  });
  if (lamports === undefined || lamports >= FEE) return null;
  return (
    <Notice alarm title={t("weather.empty.title")}>
      <p>{t("weather.empty.text")}</p>
      {cluster.chain === "solana:localnet" ? (
        <TestMoney />
      ) : (
        <p>{t("weather.empty.hint", { address: market.owner })}</p>
      )}
    </Notice>
  );
}
