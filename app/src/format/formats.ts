// Numbers as a household reads them: kWh, ct/kWh, money, times of its community. Exact amounts stay exact: no float in between.

import { formatDecimal, type MilliAtoms, type NetMilliAtoms } from "@joulebook/client";

/** What amounts are in, and for whom they are shown. */
export type FormatOptions = Readonly<{
  locale: string;
  /** Of the community. */
  timeZone: string;
  /** ISO 4217; null if the token is worth no currency. */
  currency: string | null;
  /** Of the token. */
  decimals: number;
}>;

/** Intl takes exact decimals as text; its types ask for a literal. */
const exact = (text: string) => text as Intl.StringNumericLiteral;

const MILLI_ATOM_DECIMALS = 3;
const LAMPORT_DECIMALS = 9;
/** Cents of a token, or of its currency. */
const CENT_DECIMALS = 2;

export class Formats {
  readonly #energy: Intl.NumberFormat;
  readonly #cents: Intl.NumberFormat;
  readonly #money: Intl.NumberFormat;
  readonly #fineMoney: Intl.NumberFormat;
  readonly #sol: Intl.NumberFormat;
  readonly #percent: Intl.NumberFormat;
  readonly #time: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #longDay: Intl.DateTimeFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #shortDay: Intl.DateTimeFormat;
  readonly #dayTime: Intl.DateTimeFormat;
  readonly #shortMonth: Intl.DateTimeFormat;
  readonly #month: Intl.DateTimeFormat;

  constructor(readonly options: FormatOptions) {
    const { locale, timeZone, currency } = options;
    const number = (digits: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, digits);
    const date = (parts: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, { ...parts, timeZone });
    const money: Intl.NumberFormatOptions =
      currency === null ? {} : { style: "currency", currency };
    this.#energy = number({ minimumFractionDigits: 1, maximumFractionDigits: 2 });
    this.#cents = number({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.#money = number({ ...money, minimumFractionDigits: 2, maximumFractionDigits: 2 });
    this.#fineMoney = number({ ...money, minimumFractionDigits: 2, maximumFractionDigits: 4 });
    this.#sol = number({ maximumFractionDigits: LAMPORT_DECIMALS });
    this.#percent = number({ style: "percent", maximumFractionDigits: 0 });
    this.#time = date({ hour: "2-digit", minute: "2-digit" });
    this.#day = date({ weekday: "long", day: "numeric", month: "long" });
    this.#longDay = date({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
    this.#date = date({ day: "numeric", month: "long", year: "numeric" });
    this.#shortDay = date({ day: "numeric", month: "short" });
    this.#dayTime = date({
      ...{ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
    });
    this.#shortMonth = date({ month: "short" });
    this.#month = date({ month: "long", year: "numeric" });
  }

  /** Wh as "1.25 kWh". */
  energy(energy: number | bigint): string {
    return `${this.kWh(energy)} kWh`;
  }
  /** The same without its unit. */
  kWh(energy: number | bigint): string {
    return this.#energy.format(exact(formatDecimal(BigInt(energy), 3)));
  }

  /** Atoms per kWh as "21.4 ct/kWh". */
  price(price: number | bigint): string {
    return `${this.cents(price)} ${this.priceUnit}`;
  }
  /** The same without its unit. */
  cents(price: number | bigint): string {
    const decimals = Math.max(this.options.decimals - CENT_DECIMALS, 0);
    return this.#cents.format(exact(formatDecimal(BigInt(price), decimals)));
  }
  get priceUnit(): string {
    return "ct/kWh";
  }
  /** Atoms per kWh as a number of cents, to draw with. */
  centsOf(price: number): number {
    return price / 10 ** (this.options.decimals - CENT_DECIMALS);
  }

  /** Milli-atoms as "€1.23". */
  money(amount: MilliAtoms | NetMilliAtoms | bigint): string {
    return this.#withUnit(this.#money.format(exact(this.#decimal(amount))));
  }
  /** The same, and with up to four decimals below ten cents: what a single window comes to. */
  fineMoney(amount: MilliAtoms | NetMilliAtoms | bigint): string {
    const size = amount < 0n ? -amount : amount;
    const isSmall = size * 10n < 10n ** BigInt(this.options.decimals + MILLI_ATOM_DECIMALS);
    const format = isSmall ? this.#fineMoney : this.#money;
    return this.#withUnit(format.format(exact(this.#decimal(amount))));
  }
  #decimal(amount: bigint): string {
    return formatDecimal(amount, this.options.decimals + MILLI_ATOM_DECIMALS);
  }
  #withUnit(text: string): string {
    return this.options.currency === null ? `${text} tokens` : text;
  }

  /** Lamports as "0.000005 SOL". */
  sol(lamports: bigint): string {
    return `${this.#sol.format(exact(formatDecimal(lamports, LAMPORT_DECIMALS)))} SOL`;
  }

  /** 0.42 as "42 %". */
  share(share: number): string {
    return this.#percent.format(share);
  }

  /** Unix seconds as "14:15". */
  time(time: bigint | number): string {
    return this.#time.format(dateOf(time));
  }
  /** "14:15–14:30". */
  span(start: bigint | number, end: bigint | number): string {
    return `${this.time(start)}–${this.time(end)}`;
  }
  /** "Friday, 27 November". */
  day(time: bigint | number): string {
    return this.#day.format(dateOf(time));
  }
  /** "Friday, 27 November 2026". */
  longDay(time: bigint | number): string {
    return this.#longDay.format(dateOf(time));
  }
  /** "27 November 2026". */
  date(time: bigint | number): string {
    return this.#date.format(dateOf(time));
  }
  /** "27 Nov". */
  shortDay(time: bigint | number): string {
    return this.#shortDay.format(dateOf(time));
  }
  /** "Fri, 27 Nov, 14:15". */
  dayTime(time: bigint | number): string {
    return this.#dayTime.format(dateOf(time));
  }
  /** "Nov". */
  shortMonth(time: bigint | number): string {
    return this.#shortMonth.format(dateOf(time));
  }
  /** "November 2026". */
  month(time: bigint | number): string {
    return this.#month.format(dateOf(time));
  }

  /** Seconds as "4:05", or "1:04:05". */
  countdown(seconds: number): string {
    const whole = Math.max(Math.floor(seconds), 0);
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    const two = (number: number) => String(number).padStart(2, "0");
    const rest = two(whole % 60);
    return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
  }
}

function dateOf(time: bigint | number): Date {
  return new Date(Number(time) * 1000);
}
