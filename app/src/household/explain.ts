// An error as a household reads it: what is wrong, and what to do.

import {
  ClientIdUsedError,
  CoSignatureError,
  EmptyWalletError,
  ExpiredError,
  FateUnknownError,
  ForgottenError,
  LaggingClockError,
  MissingAccountError,
  MissingProgramError,
  NoSeatError,
  NotOpenError,
  RefusedError,
  TransactionFailedError,
  UnitError,
  UnreachableError,
  WrongClusterError,
  WrongLayoutError,
} from "@joulebook/client";
import type { TFunction } from "i18next";

import { OtherChainError } from "../chain/chain-name";
import { NoSecretError } from "../wallet/passkey/credential";
import { OtherPasskeyError } from "../wallet/passkey/wallet";
import { NotSignedError } from "../wallet/signer";
import { OnItsWayError } from "./unsettled/running";
import { LandedAfterAllError } from "./unsettled/unsettled";

export type Explained = Readonly<{
  title: string;
  text: string | undefined;
  /** Of the transaction whose fate is told, if there is one. */
  signature?: string;
}>;

/** A program's refusal is told in the reader's language where it is a common one, and else in the program's own words. */
export function explained(error: unknown, t: TFunction): Explained {
  type Plain =
    | "notSigned"
    | "expired"
    | "fate"
    | "forgotten"
    | "landed"
    | "onItsWay"
    | "notOpen"
    | "unreachable";
  const of = (key: Plain) => ({
    title: t(`error.${key}.title`),
    text: t(`error.${key}.text`),
  });
  const message = error instanceof Error ? error.message : String(error);
  const fault = (key: "noSeat" | "idUsed" | "clock" | "failed" | "passkey" | "noSecret") => ({
    title: t(`fault.${key}.title`),
    text: t(`fault.${key}.text`, { message }),
  });
  if (error instanceof NotSignedError) {
    if (error.cause instanceof OtherPasskeyError) return fault("passkey");
    return error.cause instanceof NoSecretError ? fault("noSecret") : of("notSigned");
  }
  if (error instanceof ExpiredError) return { ...of("expired"), signature: error.signature };
  if (error instanceof ForgottenError) return { ...of("forgotten"), signature: error.signature };
  if (error instanceof FateUnknownError) return { ...of("fate"), signature: error.signature };
  if (error instanceof LandedAfterAllError) return of("landed");
  if (error instanceof OnItsWayError) return of("onItsWay");
  if (error instanceof NotOpenError) return of("notOpen");
  if (error instanceof UnreachableError) return of("unreachable");
  if (error instanceof NoSeatError) return fault("noSeat");
  if (error instanceof ClientIdUsedError) return fault("idUsed");
  if (error instanceof LaggingClockError) return fault("clock");
  if (error instanceof TransactionFailedError) return fault("failed");
  if (error instanceof CoSignatureError)
    return { title: t("cosign.refused"), text: t(`cosign.fault.${error.fault}`) };
  const wrong = (key: "cluster" | "program" | "account" | "layout") => ({
    title: t(`weather.wrong.${key}.title`),
    text: t(`weather.wrong.${key}.text`),
  });
  if (error instanceof WrongClusterError || error instanceof OtherChainError)
    return wrong("cluster");
  if (error instanceof MissingProgramError) return wrong("program");
  if (error instanceof MissingAccountError) return wrong("account");
  if (error instanceof WrongLayoutError) return wrong("layout");
  if (error instanceof EmptyWalletError)
    return {
      title: t(`error.empty.${error.currency}`),
      text:
        error.currency === "lamports"
          ? t("weather.empty.hint", { address: error.wallet })
          : t("error.empty.tokensHint"),
    };
  if (error instanceof RefusedError) {
    const key = `refusal.${error.reason}` as "refusal.GateClosed";
    const known = t(key, { defaultValue: "" });
    return { title: t("error.refused"), text: known || message };
  }
  if (error instanceof UnitError)
    return { title: t("error.number"), text: t("fault.number", { message }) };
  return { title: t("error.other"), text: t("fault.other", { message }) };
}
