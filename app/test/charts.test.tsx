import { render, screen, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test } from "vitest";

import { FormatsProvider } from "../src/format/use-formats";
import { FlowPicture } from "../src/household/FlowPicture";
import { CrossingChart } from "../src/market/CrossingChart";
import { DayChart } from "../src/market/DayChart";
import { windowWith } from "./window";

const shown = (part: ReactNode) =>
  render(
    <FormatsProvider timeZone="UTC" currency="EUR" decimals={6}>
      {part}
    </FormatsProvider>,
  );

const cellsOf = (name: string) => {
  const table = screen.getByRole("table", { name, hidden: true });
  return within(table)
    .getAllByRole("row", { hidden: true })
    .slice(1)
    .map((row) => [...row.children].map(({ textContent }) => textContent));
};

test("given a window with orders when its curves are shown then a sentence and a table say the same", () => {
  shown(<CrossingChart window={windowWith({ 3: 1_000 }, { 0: 1_500 })} />);
  expect(
    screen.getByRole("img", {
      name: "Supply and demand cross at 10.0 ct/kWh, where 1.0 kWh change hands.",
    }),
  ).toBeTruthy();
  expect(cellsOf("Supply and demand by price")).toEqual([
    ["10.0 ct/kWh", "1.0 kWh", "1.5 kWh"],
    ["25.0 ct/kWh", "1.0 kWh", "1.5 kWh"],
  ]);
});

test("given a window without orders when its curves are shown then it says so", () => {
  shown(<CrossingChart window={windowWith({}, {})} />);
  expect(screen.getByText("No orders yet")).toBeTruthy();
});

test("given a draft when the curves are shown then it is among them", () => {
  const draft = { side: "buy", price: 200_000, energy: 500 } as const;
  shown(<CrossingChart window={windowWith({ 3: 1_000 }, { 0: 1_500 })} draft={draft} />);
  expect(screen.getByText("Yours")).toBeTruthy();
});

test("given a day when it is shown then its latest price is read out, and a table has all windows", () => {
  const window = { volume: 0, retail: 320_000, feedIn: 80_000, isOver: true };
  shown(
    <DayChart
      windows={[
        { ...window, start: 0, price: undefined },
        { ...window, start: 900, price: 200_000, volume: 1_500 },
      ]}
      bounds={[0, 86_400]}
      seconds={900}
      now={2_000}
      title="Prices"
    />,
  );
  expect(screen.getByText("20.0 ct/kWh", { selector: "span" })).toBeTruthy();
  expect(cellsOf("Prices").map(([, price, volume]) => [price, volume])).toEqual([
    ["–", "0.0 kWh"],
    ["20.0 ct/kWh", "1.5 kWh"],
  ]);
});

test("given flows when they are pictured then each is told in words, and in a table", () => {
  const flows = {
    own: 0,
    fromNeighbours: 1_500,
    fromSupplier: 500,
    toNeighbours: 0,
    toSupplier: 0,
  };
  shown(<FlowPicture flows={flows} />);
  const told = screen.getByRole("img").getAttribute("aria-label")!;
  expect(told).toContain("1.5 kWh came from neighbours.");
  expect(told).toContain("0.5 kWh came from the supplier.");
  expect(screen.getByText("drew 2.0 kWh")).toBeTruthy();
  expect(cellsOf("Where your energy came from and went")).toEqual([
    ["From your panels to your house", "0.0 kWh"],
    ["From neighbours to you", "1.5 kWh"],
    ["From the supplier to you", "0.5 kWh"],
    ["From you to neighbours", "0.0 kWh"],
    ["From you to the supplier", "0.0 kWh"],
  ]);
});
