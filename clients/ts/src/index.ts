// Joulebook's client: what an IDL can't express beside what is made from the IDLs.
//
// Instructions alone: `instructions`, `market`, `oracle`, `registry`. Transactions: `connect`, `buildTransaction`,
// `sendInstructions`. A market to work with: `openMarket` and its functions, or the plugins of kit's client.

export * as instructions from "./instructions/index.js";
export * as market from "./generated/market/index.js";
export * as oracle from "./generated/oracle/index.js";
export * as registry from "./generated/registry/index.js";

export * from "./addresses.js";
export * from "./amounts.js";
export { meterBinding } from "./binding.js";
export * from "./book.js";
export type { CoSigned, CoSignedRequest } from "./co-signed.js";
export * from "./connection/index.js";
export * from "./curves.js";
export type { Device } from "./device.js";
export * from "./door.js";
export * from "./errors.js";
export * from "./event-counts.js";
export * from "./events.js";
export * from "./handle/index.js";
export * from "./interval-page.js";
export * from "./lock.js";
export { MarketClient } from "./market-client.js";
export * from "./memo.js";
export * from "./meter.js";
export * from "./order-entry.js";
export * from "./p256-profile.js";
export * from "./page.js";
export { connection, type ConnectionAdditions } from "./plugins/connection.js";
export { identity } from "./plugins/identity.js";
export { joulebook, type JoulebookRequirements } from "./plugins/joulebook.js";
export * from "./profile.js";
export * from "./proof/index.js";
export * from "./reading.js";
export { PROGRAM_ERRORS } from "./generated/program-errors.js";
export * from "./refusal.js";
export * from "./ring.js";
export * from "./secp256r1.js";
export * from "./standing.js";
export * from "./table.js";
export * from "./terms.js";
export * from "./token.js";
export * from "./units.js";
export * from "./window-steps.js";
