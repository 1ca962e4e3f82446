// The bill of the household whose wallet is connected.

import { BillPage } from "../bill/BillPage";
import { useHousehold } from "./context";
import { EnergyLabel } from "./EnergyLabel";
import type { NumberedSeat } from "./Guard";

export function BillOfHousehold({ seat }: { seat: NumberedSeat }) {
  const { market } = useHousehold();
  return (
    <BillPage
      market={market}
      seat={seat.number}
      besideMonth={(month) => <EnergyLabel month={month} />}
    />
  );
}
