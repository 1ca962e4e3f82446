// The unit of each number, as in crates/units. The IDLs have plain integers; clients/ts/src/units.ts has the types.
//
// A field is `name`, wherever it stands with this format, or `type.name` (`instruction.name`), only there. What is
// not named here stays a plain number: counts, indices, times in unix seconds, durations, basis points.

export const UNITS = {
  /** Watt-hours of one order or one interval. */
  wh: {
    format: "u32",
    fields: [
      ...["quantity", "filled", "minQuantity", "maxQuantity"],
      ...["bought", "sold", "import", "export", "standardDraw"],
    ],
  },
  /** Watt-hours summed up, or a meter's register. */
  whSum: {
    format: "u64",
    fields: [
      ...["volume", "buy", "sell", "given", "total", "asked", "served"],
      ...["bought", "sold", "import", "export", "finalImport", "finalExport"],
      ...["settledImport", "settledExport", "importOffset", "exportOffset"],
    ],
  },
  /** Milli-atoms with a sign: below zero, received. */
  netMilliAtoms: { format: "i64", fields: ["paid", "owed"] },
  watts: { format: "u32", fields: ["maxImport", "maxExport"] },
  /** Atoms per kWh. */
  price: {
    format: "i32",
    fields: [
      "price",
      "floorPrice",
      "short",
      "long",
      "gridFee",
      "minLock",
      "dearest",
      "lowest",
      "lowestPrice",
      "highestPrice",
      "highestGridFee",
    ],
  },
  tick: { format: "u16", fields: ["tick", "low", "high"] },
  atoms: {
    format: "u64",
    fields: [
      ...["deposit.amount", "withdraw.amount", "withdrawFees.amount"],
      ...["deposited.amount", "withdrawn.amount", "feesWithdrawn.amount"],
    ],
  },
  milliAtoms: {
    format: "u64",
    fields: [
      ...["free", "locked", "held", "debt", "claim", "debtPaid", "fees", "escrow", "keeperReward"],
      ...["money", "claims", "earns", "delegateLimit", "delegateLocked", "dailyLimit"],
      ...["gridFees", "marketFees", "claimIncurred.amount", "claimsPaid.amount", "claimsPaid.left"],
      ...["debtIncurred.amount", "keeperRewarded.amount", "surplusSwept.amount"],
      ...["seatHold.amount", "hold.amount", "release.amount", "capture.amount"],
      ...["held.amount", "released.amount", "captured.amount", "takenBack.amount"],
    ],
  },
};
