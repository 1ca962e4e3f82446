// A button for an act of an office. One that is not the wallet's to do says why.

import { useId, type ComponentProps, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../ui";
import type { Refused } from "./may";

export function ActButton(
  props: Omit<ComponentProps<typeof Button>, "disabled"> & {
    refused: Refused | undefined;
    isBusy?: boolean;
    children: ReactNode;
  },
) {
  const { t } = useTranslation();
  const id = useId();
  const { refused, isBusy = false, ...button } = props;
  return (
    <span className="act">
      <Button
        {...button}
        disabled={refused !== undefined || isBusy}
        {...(refused && { "aria-describedby": id })}
      />
      {refused && (
        <span id={id} className="act__why">
          {t(`desk.not.${refused}`)}
        </span>
      )}
    </span>
  );
}
