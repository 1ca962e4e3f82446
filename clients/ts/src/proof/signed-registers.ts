// Registers that a household's devices have signed, by boundary, with the signature and the transaction that they are from.

import type { ReadonlyUint8Array, Signature } from "@solana/kit";

import { eventsIn } from "../events.js";
import type { Meter, ValuesReplaced } from "../generated/oracle/index.js";
import { deviceMessages, type BoundaryRegisters, type MeterTableTerms } from "./device-messages.js";
import { isSignedByDevice } from "./device-signature.js";
import type { SignedTransaction } from "./transaction.js";

/** A meter of the household, by its number. */
export type HouseholdMeter = Meter & Readonly<{ number: number; row: number }>;

/** Where a value comes from. */
export type Origin = Readonly<{
  transaction: Signature;
  /** Of the device; undefined for a value that a verifier has set. */
  signature: ReadonlyUint8Array | undefined;
}>;

/** What a meter moved in an interval, Wh, and who says so. */
export type SignedFlow = Readonly<{ import: bigint; export: bigint; from: readonly Origin[] }>;

type Told = Readonly<{ registers: BoundaryRegisters; from: Origin }>;

export class SignedRegisters {
  readonly #told = new Map<string, Told>();
  readonly #replaced = new Map<string, SignedFlow>();
  /** Device signatures that hold, and those that do not with the key that the meter has now. */
  verified = 0;
  refused = 0;

  constructor(
    readonly meters: readonly HouseholdMeter[],
    readonly table: MeterTableTerms,
  ) {}

  /** Takes what a transaction tells of these meters. Transactions come in their order. */
  take(transaction: SignedTransaction) {
    for (const message of deviceMessages(transaction, this.table)) {
      const meter = this.meters.find(({ number }) => number === message.meter);
      if (!meter) continue;
      if (!isSignedByDevice(message, meter)) {
        this.refused += 1;
        continue;
      }
      this.verified += 1;
      const from = { transaction: transaction.signature, signature: message.signature };
      for (const registers of message.registers) {
        const key = keyOf(message.meter, registers.boundary);
        // A device that contradicts itself is nobody's proof: the first one stands, as on chain.
        if (!this.#told.has(key)) this.#told.set(key, { registers, from });
      }
    }
    for (const event of eventsIn(transaction.logs))
      if (
        event.program === "oracle" &&
        event.kind === "ValuesReplaced" &&
        event.data.meterTable === this.table.address
      )
        this.#replace(event.data, transaction.signature);
  }

  #replace({ meter, start, first, values }: ValuesReplaced, transaction: Signature) {
    for (const [place, value] of values.entries()) {
      const at = start + BigInt(this.table.intervalSeconds) * BigInt(first + place);
      this.#replaced.set(keyOf(meter, at), {
        ...{ import: BigInt(value.import), export: BigInt(value.export) },
        from: [{ transaction, signature: undefined }],
      });
    }
  }

  /** What the device has signed of an interval. */
  flow(meter: number, start: bigint): SignedFlow | undefined {
    const before = this.#told.get(keyOf(meter, start));
    const after = this.#told.get(keyOf(meter, this.#endOf(start)));
    if (!before || !after) return undefined;
    const moved = {
      import: after.registers.import - before.registers.import,
      export: after.registers.export - before.registers.export,
    };
    if (moved.import < 0n || moved.export < 0n) return undefined;
    return { ...moved, from: [before.from, after.from] };
  }

  /** What a verifier has set for an interval. */
  replaced(meter: number, start: bigint): SignedFlow | undefined {
    return this.#replaced.get(keyOf(meter, start));
  }

  #endOf(start: bigint): bigint {
    return start + BigInt(this.table.intervalSeconds);
  }
}

const keyOf = (meter: number, time: bigint) => `${meter} ${time}`;
