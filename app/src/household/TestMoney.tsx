// Fees and test money for nothing, on a local node.

import { useTranslation } from "react-i18next";

import { Button } from "../ui";
import { useTestWallets } from "../wallet/test-wallets";
import { ActionNote } from "./ActionNote";
import { useHousehold } from "./context";
import { useAction } from "./use-action";

export function TestMoney() {
  const { t } = useTranslation();
  const { market } = useHousehold();
  const action = useAction();
  const test = useTestWallets();
  const get = async () => {
    const { airdrop, mintTokens } = await import("../wallet/test-money");
    await airdrop(market, market.owner);
    if (test?.mintAuthority) await mintTokens(market, test.mintAuthority, market.owner);
    return undefined;
  };
  return (
    <>
      <p>{t("start.pay.test")}</p>
      <div>
        <Button disabled={action.isBusy} onClick={() => void action.run(t("start.pay.get"), get)}>
          {t("start.pay.get")}
        </Button>
      </div>
      <ActionNote action={action} done={t("start.pay.done")} />
    </>
  );
}
