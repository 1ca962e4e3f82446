export * as market from "./generated/market/index.js";
export * as oracle from "./generated/oracle/index.js";
export * as registry from "./generated/registry/index.js";
