// The form of an order while its window closes.

import type { DeliveryWindow } from "@joulebook/client";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { useMarketState, useNow } from "../src/chain/market-context";
import { FormatsProvider } from "../src/format/use-formats";
import { TradePage } from "../src/household/TradePage";
import { windowWith } from "./window";

vi.mock("../src/chain/market-context");
vi.mock("../src/household/context", () => ({
  useHousehold: () => ({ market: { token: { decimals: 6 } } }),
}));
vi.mock("../src/household/use-action", () => ({
  useAction: () => ({ state: { stage: "idle" }, isBusy: false, reset: () => {} }),
}));
vi.mock("../src/household/ActionNote", () => ({ ActionNote: () => null }));
vi.mock("../src/household/NextStep", () => ({ NextStep: () => null }));
vi.mock("../src/household/OrderList", () => ({ OrderList: () => null }));

/** The page at a time, with these windows in books. */
function at(now: number, ...windows: DeliveryWindow[]) {
  vi.mocked(useNow).mockReturnValue(now);
  vi.mocked(useMarketState).mockReturnValue({ windows } as never);
  return (
    <FormatsProvider timeZone="UTC" currency="EUR" decimals={6}>
      <TradePage seat={{ number: 1 } as never} />
    </FormatsProvider>
  );
}

const energy = () => screen.getByLabelText<HTMLInputElement>("Energy");

test("given an order that is typed when its window closes and the next one opens then it is told, and nothing is lost", () => {
  // Delivered from 1:00 on, its gate is at 0:55; the next one is a quarter of an hour later.
  const first = windowWith({}, {});
  const { rerender } = render(at(3_000, first));
  fireEvent.change(energy(), { target: { value: "0.7" } });
  const place = () => screen.getByRole("button", { name: "Place the bid" });
  expect(place()).toHaveProperty("disabled", false);

  rerender(at(3_301, first));
  expect(screen.getByText(/^Orders for 01:00.* have closed\.$/)).toBeTruthy();
  expect(energy().value).toBe("0.7");
  expect(place()).toHaveProperty("disabled", true);

  const second = windowWith({}, {}, { start: 4_500n, end: 5_400n, gate: 4_200n });
  rerender(at(3_601, first, second));
  expect(
    screen.getByText(/^Orders for 01:00.* have closed meanwhile\. This one would be for 01:15/),
  ).toBeTruthy();
  expect(energy().value).toBe("0.7");
  expect(place()).toHaveProperty("disabled", false);
});

test("given no window yet when one wants to trade then the page waits for one", () => {
  render(at(3_000));
  expect(screen.getByText("The next window has not opened yet.")).toBeTruthy();
});
