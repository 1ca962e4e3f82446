// An error as a household reads it: what is wrong, and what to do.

import {
  CoSignatureError,
  EmptyWalletError,
  ExpiredError,
  FateUnknownError,
  NotOpenError,
  RefusedError,
  UnitError,
  UnreachableError,
} from "@joulebook/client";
import type { TFunction } from "i18next";

import { NotSignedError } from "../wallet/signer";

export type Explained = Readonly<{ title: string; text: string | undefined }>;

/** A program's refusal is told in the reader's language where it is a common one, and else in the program's own words. */
export function explained(error: unknown, t: TFunction): Explained {
  const of = (key: "notSigned" | "expired" | "fate" | "notOpen" | "unreachable") => ({
    title: t(`error.${key}.title`),
    text: t(`error.${key}.text`),
  });
  if (error instanceof NotSignedError) return of("notSigned");
  if (error instanceof ExpiredError) return of("expired");
  if (error instanceof FateUnknownError) return of("fate");
  if (error instanceof NotOpenError) return of("notOpen");
  if (error instanceof UnreachableError) return of("unreachable");
  if (error instanceof CoSignatureError)
    return { title: t("cosign.refused"), text: t(`cosign.fault.${error.fault}`) };
  if (error instanceof EmptyWalletError)
    return {
      title: t(`error.empty.${error.currency}`),
      text: t(`error.empty.${error.currency}Hint`),
    };
  if (error instanceof RefusedError) {
    const key = `refusal.${error.reason}` as "refusal.GateClosed";
    const known = t(key, { defaultValue: "" });
    return { title: t("error.refused"), text: known || error.message };
  }
  if (error instanceof UnitError) return { title: t("error.number"), text: error.message };
  return { title: t("error.other"), text: error instanceof Error ? error.message : String(error) };
}
