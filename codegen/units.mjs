// The unit of each number, as in crates/units. The IDLs have plain integers; clients/ts/src/units.ts has the types.
//
// A field is `name`, wherever it stands with this format, or `type.name` (`instruction.name`), only there. Every number
// of 32 or 64 bits is named, under its unit or as plain: a new one without either stops the generator. Shorter ones
// stay plain numbers unless they are named: indices, counts, codes, basis points.

export const UNITS = {
  /** Watt-hours of one order or one interval. */
  wh: {
    format: "u32",
    fields: [
      ...[
        "quantity",
        "filled",
        "minQuantity",
        "mayBuy",
        "maySell",
        "bought",
        "sold",
        "standardDraw",
      ],
      ...["replacedValue.import", "replacedValue.export"],
      ...["previousValue.import", "previousValue.export"],
    ],
  },
  /** Watt-hours summed up, or a meter's register. */
  whSum: {
    format: "u64",
    fields: [
      ...["usedEnergy", "energyCap"],
      ...["volume", "buy", "sell", "given", "total", "asked", "served"],
      ...["bought", "sold", "import", "export"],
      ...[
        "settledImport",
        "settledExport",
        "importOffset",
        "exportOffset",
        "deviceImport",
        "deviceExport",
      ],
      ...["firstImport", "firstExport"],
      ...["toldImport", "toldExport", "lateImport", "lateExport"],
    ],
  },
  /** Milli-atoms with a sign: below zero, received. */
  netMilliAtoms: { format: "i64", fields: ["paid", "owed"] },
  watts: {
    format: "u32",
    fields: ["maxImport", "maxExport", "formerMaxImport", "formerMaxExport", "powerCap"],
  },
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
      "highestBuy",
      "lowestSell",
      "dearest",
      "lowest",
      "lowestPrice",
      "highestPrice",
      "highestGridFee",
      "limit",
      "unitLockCap",
    ],
  },
  tick: { format: "u16", fields: ["tick", "low", "high"] },
  atoms: {
    format: "u64",
    fields: [
      ...["deposit.amount", "withdraw.amount", "withdrawFees.amount"],
      ...["deposited.amount", "withdrawn.amount", "feesWithdrawn.amount", "paidOut.amount"],
    ],
  },
  milliAtoms: {
    format: "u64",
    fields: [
      ...["free", "locked", "held", "debt", "claim", "debtPaid", "fees", "escrow", "keeperReward"],
      ...["money", "claims", "earns", "delegateLocked", "dailyLimit"],
      ...["usedLock", "lockCap"],
      ...["supplierMargin", "debts", "debtsPaid.amount", "owingSetOff.amount"],
      ...["gridFees", "marketFees", "claimIncurred.amount", "claimsPaid.amount", "claimsPaid.left"],
      ...["debtIncurred.amount", "keeperRewarded.amount", "surplusSwept.amount"],
      ...["seatHold.amount", "hold.amount", "release.amount", "capture.amount"],
      ...["held.amount", "released.amount", "captured.amount", "takenBack.amount"],
    ],
  },
};

/** Numbers of 32 and 64 bits that have no unit on purpose, by format. */
export const PLAIN = {
  u32: [
    // Seconds.
    ...["windowSeconds", "intervalSeconds", "readingSeconds", "correctionSeconds", "noticeSeconds"],
    ...["horizon", "gateLead", "meteringGrace", "toldSeconds"],
    // Days since 1970.
    ...["delegateDay", "holidays", "standingOrder.day"],
    // Numbers of things, and how many of them.
    ...["meter", "participants", "silentWindows"],
    // Of a unit that is a difference: atoms per kWh from one tick to the next, or more for energy from near by.
    ...["tickSize", "localPremium"],
    // Energy with other bits above it.
    ...["pageEntry.import", "pageEntry.export"],
  ],
  // Seconds.
  i32: ["utcOffset"],
  u64: [
    // Which of a founder's communities, which of a meter's messages.
    ...["id", "sequence", "punished"],
    // How many, and which of them.
    ...["windows", "events", "number"],
    // A bit for each half hour of a day.
    ...["halfHours"],
  ],
  // Times, unix seconds.
  i64: [
    ...["start", "gate", "end", "endsAt", "boundary", "window", "page", "previous", "from"],
    ...[
      "lastPage",
      "lastFinal",
      "lastOpened",
      "lastFinished",
      "plannedTermsFrom",
      "plannedTariffsFrom",
      "settledFrom",
    ],
    ...["supplierFrom", "finalAt"],
    ...[
      "readingsUntil",
      "correctionsUntil",
      "serviceFrom",
      "countedFrom",
      "serviceUntil",
      "deviceFrom",
      "limitsFrom",
    ],
    ...["validUntil"],
    ...["appliedAt", "approvedAt", "changedAt", "leftAt"],
  ],
};
