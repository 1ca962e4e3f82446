// The indexer for all that asks it.

import { createContext, useContext, useMemo, type ReactNode } from "react";

import type { Configuration } from "../configuration";
import { Indexer } from "./client";

const IndexerContext = createContext<Indexer | undefined>(undefined);

export function IndexerProvider(props: { configuration: Configuration; children: ReactNode }) {
  const { indexer, market } = props.configuration;
  const client = useMemo(
    () =>
      indexer === null
        ? undefined
        : new Indexer(new URL(indexer, location.href).href.replace(/\/$/, ""), market),
    [indexer, market],
  );
  return <IndexerContext value={client}>{props.children}</IndexerContext>;
}

/** Undefined where the configuration names none. */
export function useIndexer(): Indexer | undefined {
  return useContext(IndexerContext);
}
