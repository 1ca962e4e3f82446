// The page: frame, routes, and what is around them.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Redirect, Route, Switch, useLocation } from "wouter";

import {
  HandleProvider,
  MarketProvider,
  useConfiguration,
  useMarketState,
} from "../chain/market-context";
import type { Configuration } from "../configuration";
import { FormatsProvider } from "../format/use-formats";
import { IndexerProvider } from "../indexer/context";
import { useCommunity } from "../market/community";
import { MarketPage } from "../market/MarketPage";
import { useFreshness } from "../market/queries";
import { Notice, Waiting } from "../ui";
import { useWallet, WalletProvider } from "../wallet/context";
import { TestWalletsProvider } from "../wallet/test-wallets";
import type { TestWallets } from "../wallet/burner";
import { Banners } from "./Banners";
import { Header } from "./Header";
import "./shell.css";

const households = () => import("../household/pages");
const Today = lazy(async () => ({ default: (await households()).Today }));
const Trade = lazy(async () => ({ default: (await households()).Trade }));
const Money = lazy(async () => ({ default: (await households()).Money }));
const Bill = lazy(async () => ({ default: (await households()).Bill }));
const Origin = lazy(async () => ({ default: (await households()).Origin }));
const Wallet = lazy(async () => ({ default: (await households()).Wallet }));

const Desk = lazy(async () => ({ default: (await import("../operator/DeskPage")).DeskPage }));

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 2, staleTime: 5_000, refetchOnWindowFocus: true } },
});

export function App(props: { configuration: Configuration; testWallets: TestWallets | undefined }) {
  const { configuration } = props;
  return (
    <QueryClientProvider client={queries}>
      <MarketProvider configuration={configuration}>
        <IndexerProvider configuration={configuration}>
          <TestWalletsProvider value={props.testWallets}>
            <WalletProvider>
              <Market />
            </WalletProvider>
          </TestWalletsProvider>
        </IndexerProvider>
      </MarketProvider>
    </QueryClientProvider>
  );
}

/** Nothing is shown of a market that is not open; and amounts have no decimals before. */
function Market() {
  const { timeZone, currency } = useConfiguration();
  const { market } = useMarketState();
  return (
    <FormatsProvider timeZone={timeZone} currency={currency} decimals={market?.token.decimals ?? 6}>
      <HandleProvider value={market}>
        <Frame />
      </HandleProvider>
    </FormatsProvider>
  );
}

function Frame() {
  const { t } = useTranslation();
  const { isTest } = useConfiguration();
  const { market, error, link } = useMarketState();
  const { data: community } = useCommunity();
  useFreshness();
  return (
    <div className="page">
      <a className="skip button" href="#main">
        {t("nav.skip")}
      </a>
      <Header community={community?.name} />
      <Banners />
      <Main>
        {error !== undefined ? (
          <Notice alarm title={t("error.market")}>
            {error instanceof Error ? error.message : String(error)}
          </Notice>
        ) : market ? (
          <Routes />
        ) : (
          <Waiting>{t("market.opening")}</Waiting>
        )}
      </Main>
      <footer className="footer">
        <span className={`link-state link-state--${link}`}>{t(`link.${link}`)}</span>
        {isTest && <span>{t("footer.test")}</span>}
      </footer>
    </div>
  );
}

/** Names of pages, by their paths. */
const TITLES = [
  ...(["today", "market", "trade", "money", "bill", "origin", "wallet", "desk"] as const),
];

/** Another page is read from its top, and has its own title. */
function Main({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  const name = TITLES.find((title) => location === `/${title}`);
  useEffect(() => {
    document.title = name ? `${t(`nav.${name}`)} – Joulebook` : "Joulebook";
  }, [name, t]);
  const main = useRef<HTMLElement>(null);
  const before = useRef(location);
  useEffect(() => {
    if (before.current === location) return;
    before.current = location;
    main.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [location]);
  return (
    <main id="main" ref={main} tabIndex={-1}>
      {children}
    </main>
  );
}

function Routes() {
  const { t } = useTranslation();
  const { account } = useWallet();
  return (
    <Suspense fallback={<Waiting>{t("market.waiting")}</Waiting>}>
      <Switch>
        <Route path="/market" component={MarketPage} />
        <Route path="/today" component={Today} />
        <Route path="/trade" component={Trade} />
        <Route path="/money" component={Money} />
        <Route path="/bill" component={Bill} />
        <Route path="/origin" component={Origin} />
        <Route path="/wallet" component={Wallet} />
        <Route path="/desk" component={Desk} />
        <Route>
          <Redirect to={account ? "/today" : "/market"} replace />
        </Route>
      </Switch>
    </Suspense>
  );
}
