// The pages of a household, loaded when one of them is asked for.

import { BillOfHousehold } from "./BillOfHousehold";
import { Guard, WithWallet } from "./Guard";
import { MoneyPage } from "./MoneyPage";
import { TodayPage } from "./TodayPage";
import { OriginPage } from "./origin/OriginPage";
import { TradePage } from "./TradePage";
import { WalletPage } from "./WalletPage";

export const Today = () => <Guard page={TodayPage} />;
export const Trade = () => <Guard page={TradePage} />;
export const Money = () => <Guard page={MoneyPage} />;
export const Bill = () => <Guard page={BillOfHousehold} />;
export const Origin = () => <Guard page={OriginPage} />;
export const Wallet = () => (
  <WithWallet>
    <WalletPage />
  </WithWallet>
);
