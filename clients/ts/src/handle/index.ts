// A market to work with: read, traded in, followed.

export * from "./clock.js";
export * from "./co-signature.js";
export * from "./community.js";
export * from "./follow.js";
export { openMarket, readMarket, type MarketHandle, type MarketOptions } from "./handle.js";
export * from "./history.js";
export * from "./metering.js";
export * from "./money.js";
export * from "./participant.js";
export * from "./place.js";
export * from "./prices.js";
export * from "./seat.js";
export * from "./standing.js";
export * from "./transactions.js";
export {
  ordersOf,
  openWindows,
  readOrders,
  readWindow,
  readWindows,
  type OwnOrder,
  type DeliveryWindow,
} from "./windows.js";
