// The page: frame, routes, and what is around them.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Suspense, useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";

import {
  HandleProvider,
  MarketProvider,
  useConfiguration,
  useMarketState,
} from "../chain/market-context";
import type { Configuration } from "../configuration";
import { FormatsProvider } from "../format/use-formats";
import { IndexerProvider } from "../indexer/context";
import { explained } from "../household/explain";
import { useCommunity } from "../market/community";
import { MarketPage } from "../market/MarketPage";
import { useFreshness } from "../market/queries";
import { Notice, Waiting } from "../ui";
import { Boundary } from "../ui/Boundary";
import { lazyPage } from "../ui/lazy-page";
import { useWallet, WalletProvider } from "../wallet/context";
import { TestWalletsProvider } from "../wallet/test-wallets";
import type { TestWallets } from "../wallet/burner";
import { Banners } from "./Banners";
import { Header } from "./Header";
import { Opening } from "./Opening";
import "./shell.css";

const households = () => import("../household/pages");
const Today = lazyPage(async () => (await households()).Today);
const Trade = lazyPage(async () => (await households()).Trade);
const Money = lazyPage(async () => (await households()).Money);
const Bill = lazyPage(async () => (await households()).Bill);
const Origin = lazyPage(async () => (await households()).Origin);
const Wallet = lazyPage(async () => (await households()).Wallet);

const Keeper = lazyPage(async () => (await import("../keeper/KeeperPage")).KeeperPage);
const Integrator = lazyPage(
  async () => (await import("../integrator/IntegratorPage")).IntegratorPage,
);
const Desk = lazyPage(async () => (await import("../operator/DeskPage")).DeskPage);
const Sign = lazyPage(async () => (await import("../cosignature/SignPage")).SignPage);

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      ...{ retry: 2, staleTime: 5_000, refetchOnWindowFocus: true },
      // A node of this machine answers without any network; what was asked in vain is asked again once there is one.
      ...{ networkMode: "always", refetchOnReconnect: true },
    },
  },
});

export function App(props: { configuration: Configuration; testWallets: TestWallets | undefined }) {
  const { configuration } = props;
  return (
    <Boundary>
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
    </Boundary>
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
        {error !== undefined ? <Wrong error={error} /> : market ? <Routes /> : <Opening />}
      </Main>
      <footer className="footer">
        <span className={`link-state link-state--${link}`}>{t(`link.${link}`)}</span>
        {isTest && <span>{t("footer.test")}</span>}
        <nav className="footer__pages" aria-label={t("nav.more")}>
          <Link href="/keeper">{t("nav.keeper")}</Link>
          <Link href="/integrator">{t("nav.integrator")}</Link>
        </nav>
      </footer>
    </div>
  );
}

/** What makes the market unreadable; it is tried again by itself. */
function Wrong({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const { title, text } = explained(error, t);
  return (
    <>
      <h1 className="hidden-but-read">{t("error.market")}</h1>
      <Notice alarm title={t("error.market")}>
        <p>
          {title} {text}
        </p>
        {error instanceof Error && <p className="quiet small">{error.message}</p>}
      </Notice>
    </>
  );
}

/** Names of pages, by their paths. */
const TITLES = [
  ...["today", "market", "trade", "money", "bill", "origin", "wallet", "desk"],
  ...["keeper", "integrator", "sign"],
] as const;

const titleOf = (location: string) => TITLES.find((title) => location.split("/")[1] === title);

/** Another page is read from its top, and has its own title. */
function Main({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  const name = titleOf(location);
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

/** A page that is being loaded. */
function Coming() {
  const { t } = useTranslation();
  const [location] = useLocation();
  const name = titleOf(location);
  return (
    <>
      <h1 className="hidden-but-read">{name ? t(`nav.${name}`) : "Joulebook"}</h1>
      <Waiting>{t("market.waiting")}</Waiting>
    </>
  );
}

function Routes() {
  const { account } = useWallet();
  const [location] = useLocation();
  return (
    <Boundary of={location}>
      <Suspense fallback={<Coming />}>
        <Switch>
          <Route path="/market" component={MarketPage} />
          <Route path="/today" component={Today} />
          <Route path="/trade" component={Trade} />
          <Route path="/money" component={Money} />
          <Route path="/bill" component={Bill} />
          <Route path="/origin" component={Origin} />
          <Route path="/wallet" component={Wallet} />
          <Route path="/desk/:part?" component={Desk} />
          <Route path="/sign" component={Sign} />
          <Route path="/keeper" component={Keeper} />
          <Route path="/integrator" component={Integrator} />
          <Route>
            <Redirect to={account ? "/today" : "/market"} replace />
          </Route>
        </Switch>
      </Suspense>
    </Boundary>
  );
}
