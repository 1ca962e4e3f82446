export * as instructions from "./instructions/index.js";
export * as market from "./generated/market/index.js";
export * as oracle from "./generated/oracle/index.js";
export * as registry from "./generated/registry/index.js";

export * from "./addresses.js";
export * from "./book.js";
export * from "./door.js";
export * from "./event-counts.js";
export * from "./events.js";
export * from "./interval-page.js";
export * from "./lock.js";
export * from "./meter.js";
export * from "./page.js";
export * from "./reading.js";
export * from "./ring.js";
export * from "./table.js";
export * from "./terms.js";
export * from "./units.js";
