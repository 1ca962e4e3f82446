export * as market from "./generated/market/index.js";
export * as oracle from "./generated/oracle/index.js";
export * as registry from "./generated/registry/index.js";

export * from "./door.js";
export * from "./events.js";
export * from "./lock.js";
export * from "./reading.js";
export * from "./ring.js";
export * from "./table.js";
export * from "./units.js";
export * from "./window.js";
