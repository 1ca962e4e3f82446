import "@fontsource-variable/bricolage-grotesque";
import "@fontsource-variable/figtree";
import "./theme/tokens.css";
import "./theme/base.css";

import i18next from "i18next";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { ConfigurationError, loadConfiguration } from "./configuration";
import { preferredLanguage, startLanguage } from "./language";
import { App } from "./shell/App";
import { preparePasskeys } from "./wallet/passkey/prepare";
import { prepareTestWallets } from "./wallet/test-wallets";

const root = createRoot(document.getElementById("root")!);

try {
  const [configuration] = await Promise.all([
    loadConfiguration(),
    startLanguage(preferredLanguage()),
  ]);
  void preparePasskeys(configuration.cluster.chain);
  const testWallets = await prepareTestWallets(configuration);
  root.render(
    <StrictMode>
      <App configuration={configuration} testWallets={testWallets} />
    </StrictMode>,
  );
} catch (error) {
  // Whoever runs the server reads this: the page itself can't be.
  const text = error instanceof ConfigurationError ? error.message : String(error);
  const isSpoken = i18next.isInitialized;
  root.render(
    <main className="fatal" role="alert">
      <h1>Joulebook</h1>
      <p>{text}</p>
      <p>
        <a href={location.href}>{isSpoken ? i18next.t("weather.again") : "Try again"}</a>
      </p>
    </main>,
  );
  if (!(error instanceof ConfigurationError)) throw error;
}
