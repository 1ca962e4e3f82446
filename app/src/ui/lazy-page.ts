// Pages that are loaded when one is asked for: what does not come through at once is asked for again.

import { lazy, type ComponentType } from "react";

/** A part of the page can't be loaded: the network is gone for long, or the page was renewed and has other parts now. */
export class PartError extends Error {
  override readonly name = "PartError";
}

const TRIES = 5;
const PAUSE = 2_000;

export function lazyPage(load: () => Promise<ComponentType>) {
  return lazy(async () => ({ default: await loaded(load) }));
}

/** Throws a PartError. */
export async function loaded<Part>(load: () => Promise<Part>, pause = PAUSE): Promise<Part> {
  for (let tries = 1; ; tries++) {
    try {
      return await load();
    } catch (cause) {
      if (tries === TRIES) throw new PartError("a part of the page can't be loaded", { cause });
      await (navigator.onLine ? wait(pause) : online());
    }
  }
}

const wait = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const online = () =>
  new Promise<void>((resolve) =>
    window.addEventListener("online", () => resolve(), { once: true }),
  );
