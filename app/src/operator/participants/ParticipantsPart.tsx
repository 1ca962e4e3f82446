// Who wants to join, who is in, and who holds which office.

import type { Access } from "../access";
import { Applicants } from "./Applicants";
import { Members } from "./Members";
import { Offices } from "./Offices";

export function ParticipantsPart({ access }: { access: Access }) {
  return (
    <>
      <Applicants access={access} />
      <Members access={access} />
      <Offices access={access} />
    </>
  );
}
