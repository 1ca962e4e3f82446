// Formats for the language that is shown and the market that is open.

import { createContext, useContext, useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { localeOf } from "../language";
import { Formats } from "./formats";

const FormatsContext = createContext<Formats | undefined>(undefined);

export function FormatsProvider(props: {
  timeZone: string;
  currency: string | null;
  decimals: number;
  children: ReactNode;
}) {
  const { timeZone, currency, decimals } = props;
  const { i18n } = useTranslation();
  const locale = localeOf(i18n.language);
  const formats = useMemo(
    () => new Formats({ locale, timeZone, currency, decimals }),
    [locale, timeZone, currency, decimals],
  );
  return <FormatsContext value={formats}>{props.children}</FormatsContext>;
}

export function useFormats(): Formats {
  const formats = useContext(FormatsContext);
  if (!formats) throw new Error("there are no formats around this part of the page");
  return formats;
}
