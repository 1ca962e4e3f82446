// Why something is done: a number, which the program keeps, and words beside it.

import { useTranslation } from "react-i18next";

import { Field } from "../ui";
import { SelectField } from "./SelectField";
import { memoFits } from "./use-send";

export function ReasonFields<Name extends string>(props: {
  /** Left out where the program takes no reason. */
  reasons?: Readonly<{
    value: Name;
    options: readonly Readonly<{ value: Name; label: string }>[];
    onChange: (value: Name) => void;
  }>;
  text: string;
  onText: (text: string) => void;
}) {
  const { t } = useTranslation();
  const { reasons, text, onText } = props;
  return (
    <>
      {reasons && (
        <SelectField {...reasons} label={t("desk.reason.label")} hint={t("desk.reason.hint")} />
      )}
      <Field
        label={t("desk.reason.text")}
        inputMode="text"
        maxLength={400}
        value={text}
        onChange={onText}
        error={memoFits(text) ? undefined : t("desk.reason.tooLong")}
        hint={t(reasons ? "desk.reason.textHint" : "desk.reason.textOnlyHint")}
      />
    </>
  );
}
