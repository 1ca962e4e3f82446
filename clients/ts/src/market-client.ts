// A market with its functions as methods, as `joulebook` gives it. The functions themselves take a {@link MarketHandle}.

import {
  formatAtoms,
  formatKwh,
  formatMoney,
  formatPrice,
  tokens,
  tokensPerKwh,
} from "./amounts.js";
import * as handle from "./handle/index.js";
import type { Atoms, MilliAtoms, NetMilliAtoms, Price, Wh, WhSum } from "./units.js";

/** Leaves the market out: it is the object's own. */
type Rest<Function> = Function extends (market: handle.MarketHandle, ...rest: infer Rest) => unknown
  ? Rest
  : never;

export class MarketClient {
  constructor(readonly handle: handle.MarketHandle) {}

  /** {@link handle.readMarket} */
  parameters() {
    return handle.readMarket(this.handle);
  }
  /** {@link handle.chainTime} */
  time() {
    return handle.chainTime(this.handle);
  }
  /** {@link handle.openWindows} */
  openWindows() {
    return handle.openWindows(this.handle);
  }
  /** {@link handle.readWindows} */
  windows() {
    return handle.readWindows(this.handle);
  }
  /** {@link handle.readWindow} */
  window(...rest: Rest<typeof handle.readWindow>) {
    return handle.readWindow(this.handle, ...rest);
  }
  /** {@link handle.readOrders} */
  orders() {
    return handle.readOrders(this.handle);
  }
  /** {@link handle.readPosition} */
  position(...rest: Rest<typeof handle.readPosition>) {
    return handle.readPosition(this.handle, ...rest);
  }
  /** {@link handle.readHistory} */
  history() {
    return handle.readHistory(this.handle);
  }
  /** {@link handle.readSeat} */
  seat() {
    return handle.readSeat(this.handle);
  }
  /** {@link handle.readMeters} */
  meters() {
    return handle.readMeters(this.handle);
  }
  /** {@link handle.readBinding} */
  binding() {
    return handle.readBinding(this.handle);
  }
  /** {@link handle.readStandingOrders} */
  standingOrders() {
    return handle.readStandingOrders(this.handle);
  }
  /** {@link handle.followMarket} */
  follow(...rest: Rest<typeof handle.followMarket>) {
    return handle.followMarket(this.handle, ...rest);
  }

  /** {@link handle.placeOrders} */
  placeOrders(...rest: Rest<typeof handle.placeOrders>) {
    return handle.placeOrders(this.handle, ...rest);
  }
  /** {@link handle.replaceOrders} */
  replaceOrders(...rest: Rest<typeof handle.replaceOrders>) {
    return handle.replaceOrders(this.handle, ...rest);
  }
  /** {@link handle.cancelOrders} */
  cancelOrders(...rest: Rest<typeof handle.cancelOrders>) {
    return handle.cancelOrders(this.handle, ...rest);
  }
  /** {@link handle.setStandingOrders} */
  setStandingOrders(...rest: Rest<typeof handle.setStandingOrders>) {
    return handle.setStandingOrders(this.handle, ...rest);
  }

  /** {@link handle.openSeat} */
  openSeat(...rest: Rest<typeof handle.openSeat>) {
    return handle.openSeat(this.handle, ...rest);
  }
  /** {@link handle.deposit} */
  deposit(...rest: Rest<typeof handle.deposit>) {
    return handle.deposit(this.handle, ...rest);
  }
  /** {@link handle.withdraw} */
  withdraw(...rest: Rest<typeof handle.withdraw>) {
    return handle.withdraw(this.handle, ...rest);
  }
  /** {@link handle.setDelegate} */
  setDelegate(...rest: Rest<typeof handle.setDelegate>) {
    return handle.setDelegate(this.handle, ...rest);
  }

  /** {@link handle.submitReadings} */
  submitReadings(...rest: Rest<typeof handle.submitReadings>) {
    return handle.submitReadings(this.handle, ...rest);
  }
  /** {@link handle.submitProfiles} */
  submitProfiles(...rest: Rest<typeof handle.submitProfiles>) {
    return handle.submitProfiles(this.handle, ...rest);
  }
  /** {@link handle.submitCheckedProfiles} */
  submitCheckedProfiles(...rest: Rest<typeof handle.submitCheckedProfiles>) {
    return handle.submitCheckedProfiles(this.handle, ...rest);
  }
  /** {@link handle.postPrices} */
  postPrices(...rest: Rest<typeof handle.postPrices>) {
    return handle.postPrices(this.handle, ...rest);
  }

  /** "25.5" tokens as atoms. */
  tokens(text: string): Atoms {
    return tokens(this.handle.token, text);
  }
  /** "0.21" tokens per kWh as a price. */
  price(text: string): Price {
    return tokensPerKwh(this.handle.token, text);
  }
  /** Money in the market's accounts, as tokens. */
  showMoney(amount: MilliAtoms | NetMilliAtoms): string {
    return formatMoney(this.handle.token, amount);
  }
  /** Money in token accounts, as tokens. */
  showTokens(amount: Atoms): string {
    return formatAtoms(this.handle.token, amount);
  }
  /** A price as tokens per kWh. */
  showPrice(price: Price): string {
    return formatPrice(this.handle.token, price);
  }
  /** Energy as kWh. */
  showEnergy(energy: Wh | WhSum): string {
    return formatKwh(energy);
  }
}
