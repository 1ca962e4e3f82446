// The slices behind the headers of the large accounts, which the IDLs can't express: little endian,
// without padding, as the programs lay them out. clients/fixtures/tables.json holds both to it.

export * from "./error.js";
export * from "./history.js";
export * from "./interval.js";
export * from "./ledger.js";
export * from "./meters.js";
export * from "./window.js";
