// Phases of a window's book, by the names of the client.

import { market } from "@joulebook/client";

export const Phase = market.Phase;
