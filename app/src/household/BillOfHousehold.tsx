// The bill of the household whose wallet is connected.

import { BillPage } from "../bill/BillPage";
import { useHousehold } from "./context";
import { useParticipant } from "./queries";
import { EnergyLabel } from "./EnergyLabel";
import type { NumberedSeat } from "./Guard";

export function BillOfHousehold({ seat }: { seat: NumberedSeat }) {
  const { market } = useHousehold();
  const { data: participant } = useParticipant();
  if (!participant) return null;
  return (
    <BillPage
      market={market}
      seat={seat.number}
      since={Number(participant.approvedAt)}
      besideMonth={(month) => <EnergyLabel month={month} />}
    />
  );
}
