// The way to an endpoint. What passes by itself is waited out for a moment: a lost connection, a rate limit, a server in trouble.

import {
  createDefaultRpcTransport,
  isSolanaError,
  SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR,
  type RpcTransport,
} from "@solana/kit";

import { UnreachableError } from "../errors.js";
import { pause } from "../pause.js";

/** How often a question is asked, and the pauses between, milliseconds; each is twice the one before. */
const TRIES = 4;
const FIRST_PAUSE = 250;
/** How long an answer is waited for, milliseconds: long enough for a slow connection and the largest account. */
const PATIENCE = 30_000;

const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

/** Throws an {@link UnreachableError} for what does not pass. */
export function patientTransport(url: string, patience = PATIENCE): RpcTransport {
  const transport = createDefaultRpcTransport({ url });
  return async (request) => {
    for (let tries = 1; ; tries++) {
      const late = AbortSignal.timeout(patience);
      const signal = request.signal ? AbortSignal.any([request.signal, late]) : late;
      try {
        return await transport({ ...request, signal });
      } catch (error) {
        const status = statusOf(error);
        const isUnreachable = status !== undefined || error instanceof TypeError || late.aborted;
        if (!isUnreachable || request.signal?.aborted) throw error;
        // Who was silent for so long is not asked again at once.
        const isLast = tries === TRIES || late.aborted;
        if (isLast || !passes(status) || !isRepeatable(request.payload))
          throw new UnreachableError(url, status, { cause: error });
        await pause(FIRST_PAUSE * 2 ** (tries - 1), request.signal);
      }
    }
  };
}

/** Of HTTP; undefined if there was no answer at all. */
function statusOf(error: unknown): number | undefined {
  return isSolanaError(error, SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR)
    ? error.context.statusCode
    : undefined;
}

function passes(status: number | undefined): boolean {
  return status === undefined || status === TOO_MANY_REQUESTS || status >= SERVER_ERROR;
}

/** Twice the same question is no harm, and twice the same transaction is one; an airdrop is given twice. */
function isRepeatable(payload: unknown): boolean {
  return (payload as { method?: string }).method !== "requestAirdrop";
}
