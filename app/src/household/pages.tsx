// The pages of a household, loaded when one of them is asked for.

import { BillOfHousehold } from "./BillOfHousehold";
import { Guard } from "./Guard";
import { MoneyPage } from "./MoneyPage";
import { TodayPage } from "./TodayPage";
import { TradePage } from "./TradePage";

export const Today = () => <Guard page={TodayPage} />;
export const Trade = () => <Guard page={TradePage} />;
export const Money = () => <Guard page={MoneyPage} />;
export const Bill = () => <Guard page={BillOfHousehold} />;
