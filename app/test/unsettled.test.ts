// @vitest-environment node
import {
  connectionOf,
  FateUnknownError,
  type Connection,
  type PendingTransaction,
} from "@joulebook/client";
import { createNoopSigner, generateKeyPairSigner, type Signature } from "@solana/kit";
import { beforeEach, expect, test } from "vitest";

import { explained } from "../src/household/explain";
import { actSettled, LandedAfterAllError } from "../src/household/unsettled";

const pending: PendingTransaction = {
  signature:
    "5h6xBEauJ3PK6SWCZ1PGjBvj8vDdWG3KpwATGy1ARAXFSDwt8GFXM7W5Ncn16wmqokgpiKRLuS83KUxyZyv2sUYv" as Signature,
  lastValidBlockHeight: 100n,
};

let height = 50n;
let landed = false;
let sent = 0;
let acting: { connection: Connection; trader: ReturnType<typeof createNoopSigner> };
beforeEach(async () => {
  [height, landed, sent] = [50n, false, 0];
  const answers = {
    getEpochInfo: () => ({ absoluteSlot: height, blockHeight: height }),
    getSignatureStatuses: () => ({
      context: { slot: height },
      value: [landed ? { slot: 60n, err: null, confirmationStatus: "confirmed" } : null],
    }),
  };
  const rpc = new Proxy({} as Connection["rpc"], {
    get: (_, method: keyof typeof answers) => () => ({ send: async () => answers[method]() }),
  });
  const trader = createNoopSigner((await generateKeyPairSigner()).address);
  const connection = connectionOf({ rpc, rpcSubscriptions: undefined as never }, trader, {
    ...{ pollMilliseconds: 1, resendMilliseconds: 1, patienceMilliseconds: 30 },
  });
  acting = { connection, trader };
});

const send = () => actSettled(acting, async () => ++sent);
const giveUp = () =>
  actSettled(acting, async () => {
    throw new FateUnknownError(pending);
  });

test("given a deposit of which nobody knows when it has landed and the button is pressed again then nothing is sent, and it is told", async () => {
  await expect(giveUp()).rejects.toThrow(FateUnknownError);
  setTimeout(() => (landed = true), 10);
  const error: unknown = await send().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LandedAfterAllError);
  expect(explained(error, ((key: string) => key) as never).title).toBe("error.landed.title");
  expect(sent).toBe(0);
  // Whoever presses once more means it.
  await send();
  expect(sent).toBe(1);
});

test("given a deposit of which nobody knows when it can't land any more and the button is pressed again then it is sent", async () => {
  await expect(giveUp()).rejects.toThrow(FateUnknownError);
  height = 101n;
  await send();
  expect(sent).toBe(1);
});

test("given an endpoint that is silent when the button is pressed again and again then nothing is sent", async () => {
  await expect(giveUp()).rejects.toThrow(FateUnknownError);
  const { rpc } = acting.connection;
  acting.connection = connectionOf(
    {
      rpc: new Proxy(rpc, {
        get: () => () => ({ send: () => Promise.reject(new TypeError("fetch failed")) }),
      }),
      rpcSubscriptions: undefined as never,
    },
    acting.trader,
    { pollMilliseconds: 1, resendMilliseconds: 1, patienceMilliseconds: 30 },
  );
  for (let presses = 0; presses < 2; presses++)
    await expect(send()).rejects.toThrow(FateUnknownError);
  expect(sent).toBe(0);
});

test("given nothing that is on its way when the button is pressed then it is sent at once", async () => {
  await send();
  expect(sent).toBe(1);
});
