// The indexer's API, typed by its description.

import { meterRow } from "@joulebook/client";
import createClient from "openapi-fetch";

import type { components, paths } from "./generated/api";

export type Schemas = components["schemas"];

/** The indexer does not answer, or not with what was asked for. The message is its own, where it gave one. */
export class IndexerError extends Error {
  override readonly name = "IndexerError";
  constructor(
    message: string,
    /** Of HTTP; undefined if there was no answer. */
    readonly status: number | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** More than a page ever shows: a list that goes on and on is broken off here. */
const MOST_PARTS = 40;
/** That an indexer adds up at once. */
const MOST_BILLS = 100;
/** The indexer's questions end by themselves after some seconds; a slow connection may take longer for what they tell. */
const PATIENCE = 30_000;

type Api = ReturnType<typeof createClient<paths>>;
type Answer<Data> = Promise<{ data?: Data; error?: unknown; response: Response }>;
type List<Item> = { items: Item[]; next?: string | null };

export class Indexer {
  readonly #api: Api;

  constructor(
    baseUrl: string,
    readonly market: string,
  ) {
    this.#api = createClient<paths>({
      baseUrl,
      fetch: (request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE) }),
    });
  }

  async state(): Promise<Schemas["StateItem"] | undefined> {
    const { items } = await told(this.#api.GET("/v1/state"));
    return items.find(({ market }) => market === this.market);
  }

  async gaps(): Promise<Schemas["GapItem"][]> {
    const path = { market: this.market };
    return (await told(this.#api.GET("/v1/markets/{market}/gaps", { params: { path } }))).items;
  }

  /** Windows that start in a time, unix seconds. */
  windows(since: number, until: number): Promise<Schemas["WindowItem"][]> {
    const path = { market: this.market };
    return all((after) =>
      this.#api.GET("/v1/markets/{market}/windows", {
        params: { path, query: { since, until, limit: 1000, ...numbered(after) } },
      }),
    );
  }

  /** Prices and volumes, summed over `step` seconds. */
  prices(since: number, until: number, step: number): Promise<Schemas["PricesItem"][]> {
    const path = { market: this.market };
    return all((after) =>
      this.#api.GET("/v1/markets/{market}/prices", {
        params: { path, query: { since, until, step, limit: 1000, ...numbered(after) } },
      }),
    );
  }

  /** What a seat has in the windows of a time, unix seconds. */
  positions(seat: number, since: number, until: number): Promise<Schemas["PositionItem"][]> {
    const path = { market: this.market, seat };
    return all((after) =>
      this.#api.GET("/v1/markets/{market}/seats/{seat}/positions", {
        params: { path, query: { since, until, limit: 1000, ...numbered(after) } },
      }),
    );
  }

  /** What a seat paid otherwise for windows before `since` than before, as it was seen from then to `until`, unix seconds. */
  correctionsOfEarlier(seat: number, since: number, until: number) {
    return this.#corrections(seat, { since, until, before: since });
  }

  /** What a seat paid otherwise than before for the windows of a time, unix seconds, whenever it was seen. */
  async correctionsOf(seat: number, since: number, until: number) {
    // None is seen before its window begins.
    const items = await this.#corrections(seat, { since, before: until });
    return items.filter(({ start }) => since <= start && start < until);
  }

  /** `since` and `until` bound when they were seen, `before` the windows that they are of. */
  #corrections(
    seat: number,
    bounds: { since: number; until?: number; before: number },
  ): Promise<Schemas["CorrectionItem"][]> {
    const path = { market: this.market, seat };
    return all((after) =>
      this.#api.GET("/v1/markets/{market}/seats/{seat}/corrections", {
        params: { path, query: { ...bounds, limit: 1000, ...numbered(after) } },
      }),
    );
  }

  /** All meters of the community, those of before too. */
  meters(): Promise<Schemas["MeterItem"][]> {
    const path = { market: this.market };
    return all((after) =>
      this.#api.GET("/v1/markets/{market}/meters", {
        params: { path, query: { limit: 1000, ...numbered(after) } },
      }),
    );
  }

  /** What the meter with this number moved in the intervals of a time, unix seconds. */
  async readings(meter: number, since: number, until: number): Promise<Schemas["ReadingItem"][]> {
    const path = { market: this.market, row: meterRow(meter) };
    const items = await all((after) =>
      this.#api.GET("/v1/markets/{market}/meters/{row}/readings", {
        params: { path, query: { since, until, limit: 1000, ...numbered(after) } },
      }),
    );
    // Its row may have been another's before.
    return items.filter((reading) => reading.meter === meter);
  }

  /** A household's bill of a month, "2026-11"; undefined if it has none. */
  /** What a seat's holder has to pay for a month; it may have had other seats before. */
  async bill(month: string, zone: string, household: string, seat: number) {
    const query = { month, zone, household };
    const path = { market: this.market };
    const { items, ...rest } = await told(
      this.#api.GET("/v1/markets/{market}/bills", { params: { path, query } }),
    );
    const bill = items.find((item) => item.seat === seat);
    return bill && { ...bill, since: rest.since, until: rest.until, isComplete: rest.is_complete };
  }

  /** The bills of all households in a month. */
  async bills(month: string, zone: string): Promise<Schemas["BillItem"][]> {
    const path = { market: this.market };
    return all((after) =>
      this.#api.GET("/v1/markets/{market}/bills", {
        params: { path, query: { month, zone, limit: MOST_BILLS, ...numbered(after) } },
      }),
    );
  }

  /** The first and last moment of what bills of a month are of, and whether nothing of it is missing. */
  async billed(month: string, zone: string) {
    const path = { market: this.market };
    const query = { month, zone, limit: 1 };
    const { since, until, is_complete } = await told(
      this.#api.GET("/v1/markets/{market}/bills", { params: { path, query } }),
    );
    return { since, until, isComplete: is_complete };
  }

  /** Where the community's energy came from in a month, and that of one household if it is named. */
  sources(month: string, zone: string, household?: string) {
    const path = { market: this.market };
    const query = { month, zone, ...(household === undefined ? { limit: 1 } : { household }) };
    return told(this.#api.GET("/v1/markets/{market}/sources", { params: { path, query } }));
  }

  /** Whether money and energy add up. */
  conservation() {
    const path = { market: this.market };
    return told(this.#api.GET("/v1/markets/{market}/conservation", { params: { path } }));
  }

  /** Money that moved otherwise than in a window; of one seat if it is named. */
  async movements(seat?: number): Promise<Schemas["MovementItem"][]> {
    const path = { market: this.market };
    const of = seat === undefined ? {} : { seat };
    return all((after) =>
      this.#api.GET("/v1/markets/{market}/movements", {
        params: { path, query: { ...of, limit: 1000, ...numbered(after) } },
      }),
    );
  }
}

function numbered(after: string | undefined): { after?: number } {
  return after === undefined ? {} : { after: Number(after) };
}

/** All parts of a list. */
async function all<Item>(ask: (after?: string) => Answer<List<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  for (let part = 0; part < MOST_PARTS; part++) {
    const answer = await told(ask(after));
    items.push(...answer.items);
    if (answer.next === undefined || answer.next === null) break;
    after = answer.next;
  }
  return items;
}

async function told<Data>(asked: Answer<Data>): Promise<Data> {
  const { data, error, response } = await asked.catch((cause: unknown) => {
    throw new IndexerError("the indexer does not answer", undefined, { cause });
  });
  if (data !== undefined) return data;
  const said = (error as { error?: unknown } | undefined)?.error;
  throw new IndexerError(
    typeof said === "string" ? said : `the indexer answers ${response.status}`,
    response.status,
  );
}
