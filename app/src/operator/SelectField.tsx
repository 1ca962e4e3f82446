// One of a list that is too long to be seen at once.

import { useId, type ReactNode } from "react";

export function SelectField<Value extends string | number>(props: {
  label: string;
  hint?: ReactNode;
  value: Value;
  options: readonly Readonly<{ value: Value; label: string }>[];
  onChange: (value: Value) => void;
}) {
  const { label, hint, value, options, onChange } = props;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field__row">
        <select
          id={id}
          value={value}
          onChange={({ target }) => onChange(options[target.selectedIndex]!.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
      {hint && <p className="field__hint">{hint}</p>}
    </div>
  );
}
