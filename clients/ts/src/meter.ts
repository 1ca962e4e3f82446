// Numbers of meters: a row that is used again has another meter with another number.

import type { Meter, MeterTable } from "./generated/oracle/index.js";

const ROWS = 2 ** 16;

/** The number of the meter in row `row`, which it signs and all instructions and events go by. */
export function meterNumber(row: number, { generation }: Pick<Meter, "generation">): number {
  return generation * ROWS + row;
}

/** The row of the meter with this number, in the meter table and in every page. */
export function meterRow(number: number): number {
  return number % ROWS;
}

/** The meter with this number; undefined if there is none, or its row has another by now. */
export function meterOf(
  { count, meters }: Pick<MeterTable, "count" | "meters">,
  number: number,
): Meter | undefined {
  const row = meterRow(number);
  const meter = row < count ? meters[row] : undefined;
  return meter && meterNumber(row, meter) === number ? meter : undefined;
}
