// Lamports in words.

import { formatDecimal } from "@joulebook/client";
import { useTranslation } from "react-i18next";

const LAMPORT_DECIMALS = 9;

/** "0.0014 SOL". */
export function useSol(): (lamports: bigint) => string {
  const { i18n } = useTranslation();
  const format = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 5 });
  return (lamports) =>
    `${format.format(formatDecimal(lamports, LAMPORT_DECIMALS) as Intl.StringNumericLiteral)} SOL`;
}
