// The market for all that is shown of it.

import type { MarketHandle } from "@joulebook/client";
import {
  createContext,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";

import type { Configuration } from "../configuration";
import { MarketStore, type MarketState } from "./market-store";

const StoreContext = createContext<MarketStore | undefined>(undefined);

export function MarketProvider(props: { configuration: Configuration; children: ReactNode }) {
  const [store] = useState(() => new MarketStore(props.configuration));
  useEffect(() => {
    const abort = new AbortController();
    void store.run(abort.signal);
    return () => abort.abort();
  }, [store]);
  return <StoreContext value={store}>{props.children}</StoreContext>;
}

export function useMarketStore(): MarketStore {
  const store = useContext(StoreContext);
  if (!store) throw new Error("there is no market around this part of the page");
  return store;
}

export function useConfiguration(): Configuration {
  return useMarketStore().configuration;
}

export function useMarketState(): MarketState {
  const store = useMarketStore();
  return useSyncExternalStore(store.subscribe, store.getState);
}

const HandleContext = createContext<MarketHandle | undefined>(undefined);
export const HandleProvider = HandleContext;

/** The market as it was opened; whatever is shown inside of {@link HandleProvider} has one. */
export function useMarket(): MarketHandle {
  const market = useContext(HandleContext);
  if (!market) throw new Error("the market is not open around this part of the page");
  return market;
}

/** The chain's time, unix seconds, anew every so many milliseconds; undefined before it is known. */
export function useNow(milliseconds = 1_000): number | undefined {
  const { clock } = useMarketStore();
  const [now, setNow] = useState(() => clock.at(Date.now()));
  useEffect(() => {
    const tick = () => setNow(clock.at(Date.now()));
    tick();
    const timer = setInterval(tick, milliseconds);
    return () => clearInterval(timer);
  }, [clock, milliseconds]);
  return now;
}
