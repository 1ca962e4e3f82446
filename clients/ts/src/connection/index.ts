// Transactions: built, sent and confirmed.

export { buildTransaction, type BuiltTransaction } from "./build.js";
export * from "./connection.js";
export {
  fateOf,
  finalFateOf,
  sendAndConfirm,
  type Fate,
  type FinalFate,
  type PendingTransaction,
} from "./fate.js";
export { fetchReceipt, type Receipt } from "./receipt.js";
export { sendInstructions } from "./send.js";
