// Transactions: built, sent and confirmed.

export { buildTransaction, type BuiltTransaction } from "./build.js";
export * from "./connection.js";
export { fateOf, sendAndConfirm, type Fate } from "./fate.js";
export { fetchReceipt, type Receipt } from "./receipt.js";
export { sendInstructions } from "./send.js";
