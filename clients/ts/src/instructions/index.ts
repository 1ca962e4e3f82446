// Instructions of every day, which find their accounts by themselves: participants by their wallets, books and pages
// by the time of their windows. All others are in `registry`, `oracle` and `market`, and ask for each account.

export * from "./meters.js";
export { approve, reinstate, suspend, type Actor, type Application } from "./operators.js";
export * from "./orders.js";
export * from "./pages.js";
export * from "./readings.js";
export * from "./seats.js";
export * from "./standing.js";
export * from "./supplier.js";
