// The passkey wallet among the page's wallets, where there can be one.

import type { ChainName } from "../../configuration";
import { passkeySupport } from "./support";
import { registerPasskeyWallet } from "./wallet";

export async function preparePasskeys(chain: ChainName) {
  if ((await passkeySupport()) === "yes") registerPasskeyWallet(chain);
}
