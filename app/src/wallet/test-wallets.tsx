// What a local node's configuration offers to try the page with.

import { createContext, useContext } from "react";

import type { Configuration } from "../configuration";
import { registerBurner, type TestWallets } from "./burner";

const TestContext = createContext<TestWallets | undefined>(undefined);
export const TestWalletsProvider = TestContext;
export const useTestWallets = () => useContext(TestContext);

/** Registers the burner wallet where it may be, and gives what there is to try. */
export async function prepareTestWallets(
  configuration: Configuration,
): Promise<TestWallets | undefined> {
  const { testWallets, cluster } = configuration;
  if (cluster.chain !== "solana:localnet") return undefined;
  const test = testWallets === null ? undefined : await readTestWallets(testWallets);
  await registerBurner(configuration, test);
  return test;
}

async function readTestWallets(path: string): Promise<TestWallets | undefined> {
  try {
    const answer = await fetch(path);
    return answer.ok ? ((await answer.json()) as TestWallets) : undefined;
  } catch {
    // Without it, there is the browser's own account.
    return undefined;
  }
}
