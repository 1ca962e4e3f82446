// An act that takes a word or two before it is signed: a button, and what it opens.

import { useId, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../ui";
import { ActButton } from "./ActButton";
import type { Refused } from "./may";

export function ActDialog(props: {
  label: string;
  /** With what it is done to, for whoever hears the button alone. */
  fullLabel: string;
  refused: Refused | undefined;
  /** It is on its way: it is not opened anew. */
  isBusy?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const { label, fullLabel, refused, isBusy = false, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <>
      <ActButton
        small
        quiet
        refused={refused}
        isBusy={isBusy}
        aria-label={fullLabel}
        onClick={() => (setIsOpen(true), dialog.current?.showModal())}
      >
        {label}
      </ActButton>
      <dialog
        ref={dialog}
        className="dialog"
        aria-labelledby={id}
        closedby="any"
        onClose={() => setIsOpen(false)}
      >
        {isOpen && (
          <div className="dialog__body">
            <h2 id={id}>{fullLabel}</h2>
            {children}
            <div className="dialog__actions">
              <Button quiet onClick={() => dialog.current?.close()}>
                {t("wallet.close")}
              </Button>
            </div>
          </div>
        )}
      </dialog>
    </>
  );
}
