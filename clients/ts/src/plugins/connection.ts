// A chain in a client of kit, under kit's own names. `@solana/kit-plugin-rpc` does the same for other versions of kit; once it does
// for this one, `joulebook` works on top of it as well.

import {
  createTransactionPlanExecutor,
  createTransactionPlanner,
  extendClient,
  flattenTransactionPlanResult,
  parseInstructionOrTransactionPlanInput,
  parseInstructionPlanInput,
  type ClientWithPayer,
  type ClientWithTransactionPlanning,
  type ClientWithTransactionSending,
  type InstructionPlan,
  type TransactionPlan,
  type TransactionPlanResultContextWithSignature,
} from "@solana/kit";

import { planMessage, signMessage } from "../connection/build.js";
import {
  connect,
  type Connection,
  type ConnectionOptions,
  type Endpoint,
} from "../connection/connection.js";
import { sendAndConfirm } from "../connection/fate.js";

/** What {@link connection} adds. */
export type ConnectionAdditions = Pick<Connection, "rpc" | "rpcSubscriptions"> &
  ClientWithTransactionPlanning &
  ClientWithTransactionSending<TransactionPlanResultContextWithSignature> &
  Readonly<{ connection: Connection }>;

/** Adds `rpc`, `rpcSubscriptions`, the planning and sending of transactions, and all of it as `connection`. */
export function connection(options: Endpoint & ConnectionOptions) {
  return <Client extends ClientWithPayer>(client: Client) =>
    extendClient(client, additions(connect(options, client.payer, options)));
}

function additions(to: Connection): ConnectionAdditions {
  const plan = createTransactionPlanner({ createTransactionMessage: () => planMessage(to, []) });
  const execute = createTransactionPlanExecutor<TransactionPlanResultContextWithSignature>({
    executeTransactionMessage: async (context, message, config) => {
      const built = await signMessage(to, message as ReturnType<typeof planMessage>, config);
      // Known before it is sent: whatever happens then, it can be looked up.
      context.signature = built.signature;
      await sendAndConfirm(to, built, config);
      return { ...context, signature: built.signature };
    },
  });

  const planTransactions: ConnectionAdditions["planTransactions"] = (input, config) =>
    plan(parseInstructionPlanInput(input), config);
  const sendTransactions: ConnectionAdditions["sendTransactions"] = async (input, config) => {
    const parsed = parseInstructionOrTransactionPlanInput(input);
    const planned = isTransactionPlan(parsed) ? parsed : await plan(parsed, config);
    return execute(planned, config);
  };
  return {
    ...{ rpc: to.rpc, rpcSubscriptions: to.rpcSubscriptions, connection: to },
    ...{ planTransactions, sendTransactions },
    planTransaction: async (input, config) => {
      const planned = await planTransactions(input, config);
      if (planned.kind !== "single") throw tooMany();
      return planned.message;
    },
    sendTransaction: async (input, config) => {
      const parsed = parseInstructionOrTransactionPlanInput(input);
      const planned = isTransactionPlan(parsed) ? parsed : await plan(parsed, config);
      // Looked at before anything is sent.
      if (planned.kind !== "single") throw tooMany();
      const [result] = flattenTransactionPlanResult(await execute(planned, config));
      if (result?.status !== "successful") throw new Error("the transaction was not sent");
      return result;
    },
  };
}

const tooMany = () =>
  new RangeError(
    "the instructions do not fit one transaction; use planTransactions, or sendTransactions",
  );

function isTransactionPlan(plan: InstructionPlan | TransactionPlan): plan is TransactionPlan {
  return plan.planType === "transactionPlan";
}
