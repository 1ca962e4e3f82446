// Transactions: built, sent and confirmed.

export { buildTransaction, type BuiltTransaction } from "./build.js";
export * from "./connection.js";
export {
  fateOf,
  finalFateOf,
  sendAndConfirm,
  type Fate,
  type FinalFate,
  type Lifetime,
  type PendingTransaction,
  type SendableTransaction,
} from "./fate.js";
export * from "./nonce.js";
export type { Pack } from "./pack.js";
export { fetchReceipt, type Receipt } from "./receipt.js";
export { sendInstructions } from "./send.js";
