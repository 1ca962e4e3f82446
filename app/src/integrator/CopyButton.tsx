// Puts a text into the clipboard.

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../ui";

const SHOWN_MILLISECONDS = 2_500;

export function CopyButton({ text, what }: { text: string; what: string }) {
  const { t } = useTranslation();
  const [state, setState] = useState<"copy" | "copied" | "failed">("copy");
  useEffect(() => {
    if (state === "copy") return;
    const timer = setTimeout(() => setState("copy"), SHOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      // Forbidden, or a page that is not encrypted.
      setState("failed");
    }
  };
  return (
    <>
      <Button
        quiet
        small
        className="copy"
        aria-label={t("integrator.copyThis", { what })}
        onClick={() => void copy()}
      >
        {state === "copied" ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
        {t(`integrator.${state}`)}
      </Button>
      <span role="status" className="hidden-but-read">
        {state !== "copy" && t(`integrator.${state}`)}
      </span>
    </>
  );
}
