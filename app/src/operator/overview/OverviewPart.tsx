// Whether the market is well: what is behind, what is owed, whether all of it adds up, and what it costs.

import type { Access } from "../access";
import { Behind } from "./Behind";
import { Conservation } from "./Conservation";
import { Costs } from "./Costs";
import { OwedCard } from "./OwedCard";

export function OverviewPart(_: { access: Access }) {
  return (
    <>
      <Behind />
      <OwedCard />
      <div className="desk__pair">
        <Conservation />
        <Costs />
      </div>
    </>
  );
}
