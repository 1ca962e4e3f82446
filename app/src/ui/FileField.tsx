// A file that is read here and goes nowhere.

import { useId, type ReactNode } from "react";

export function FileField(props: {
  label: string;
  hint?: ReactNode;
  accept?: string;
  onPick: (file: File) => void;
}) {
  const { label, hint, accept, onPick } = props;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        className="file"
        {...(accept && { accept })}
        {...(hint ? { "aria-describedby": `${id}-about` } : {})}
        onChange={({ target }) => target.files?.[0] && onPick(target.files[0])}
      />
      {hint && (
        <p id={`${id}-about`} className="field__hint">
          {hint}
        </p>
      )}
    </div>
  );
}
