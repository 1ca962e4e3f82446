// Meters, those that are silent first; what can be done about them; and new ones.

import type { Access } from "../access";
import { Meters } from "./Meters";
import { RegisterMeter } from "./RegisterMeter";
import { Waiting } from "./Waiting";

export function MetersPart({ access }: { access: Access }) {
  return (
    <>
      <Meters access={access} />
      <RegisterMeter access={access} />
      <Waiting />
    </>
  );
}
