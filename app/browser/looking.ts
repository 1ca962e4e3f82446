// What a test does with a page: looks at it as people and as axe do, and connects a wallet.

import AxeBuilder from "axe-core";
import type { Page } from "playwright-core";

export const PHONE = {
  ...{ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true },
};
export const TABLET = { viewport: { width: 820, height: 1180 }, deviceScaleFactor: 2 };
export const DESK = { viewport: { width: 1360, height: 900 } };

/** What axe finds against WCAG 2.2 AA and its own good practice. */
export async function findings(page: Page): Promise<string[]> {
  // The policy lets no script in; the browser's own tools may evaluate one all the same.
  await page.evaluate(AxeBuilder.source);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof AxeBuilder };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

export async function connect(page: Page, account?: string) {
  await page.getByRole("button", { name: "Connect" }).first().click();
  await page.getByRole("button", { name: "Test wallet (throw-away)" }).click();
  if (account) await page.getByRole("radio", { name: new RegExp(`^${account},`) }).check();
  await page.getByRole("button", { name: "Done" }).click();
}

/** No wider than the screen: nothing is pushed aside on a phone. */
export const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** What went wrong in a page, but for what the browser says of a network that is not there. */
export const crashes = ({ faults }: { faults: readonly string[] }) =>
  faults.filter((fault) => !/Failed to load resource|WebSocket connection|net::ERR/.test(fault));
