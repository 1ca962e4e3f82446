// The parts that all pages are made of.

import { CircleAlert, CircleCheck, Info } from "lucide-react";
import { useId, type ComponentProps, type ReactNode } from "react";
import "./ui.css";

export function Card(props: {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const { title, aside, children, className = "" } = props;
  const id = useId();
  return (
    <section className={`card ${className}`} {...(title ? { "aria-labelledby": id } : {})}>
      {title && (
        <div className="card__head">
          <h2 id={id}>{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

export function Button(props: ComponentProps<"button"> & { quiet?: boolean; small?: boolean }) {
  const { quiet, small, className = "", ...rest } = props;
  const classes = ["button", quiet && "button--quiet", small && "button--small", className];
  return <button type="button" {...rest} className={classes.filter(Boolean).join(" ")} />;
}

/** One of a few, all of them seen. */
export function Choice<Value extends string>(props: {
  label: string;
  /** The label is shown, not only read. */
  isLabelled?: boolean;
  value: Value;
  options: readonly Readonly<{ value: Value; label: ReactNode; title?: string }>[];
  onChange: (value: Value) => void;
}) {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend className={props.isLabelled ? "choice__label" : "hidden-but-read"}>
        {props.label}
      </legend>
      <div className="choice__options">
        {props.options.map(({ value, label, title }) => (
          <label key={value} className="choice__option" title={title}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === props.value}
              onChange={() => props.onChange(value)}
              {...(title && { "aria-label": title })}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A number that is typed, with its unit. */
export function Field(
  props: {
    label: string;
    unit?: string;
    hint?: ReactNode;
    error?: string | undefined;
    value: string;
    onChange: (value: string) => void;
  } & Omit<ComponentProps<"input">, "onChange" | "value">,
) {
  const { label, unit, hint, error, value, onChange, ...rest } = props;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field__row">
        <input
          inputMode="decimal"
          autoComplete="off"
          {...rest}
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-describedby={`${id}-about`}
          aria-invalid={error !== undefined}
        />
        {unit && <span className="field__unit">{unit}</span>}
      </div>
      <div id={`${id}-about`}>
        {error ? (
          <p className="field__error">{error}</p>
        ) : (
          hint && <p className="field__hint">{hint}</p>
        )}
      </div>
    </div>
  );
}

export function Notice(props: {
  alarm?: boolean;
  /** All is well: nobody has to do anything. */
  good?: boolean;
  title?: ReactNode;
  children?: ReactNode;
}) {
  const tone = props.alarm ? "alarm" : props.good ? "good" : undefined;
  const Icon = tone === "alarm" ? CircleAlert : tone === "good" ? CircleCheck : Info;
  return (
    <div
      className={tone ? `notice notice--${tone}` : "notice"}
      role={props.alarm ? "alert" : "status"}
    >
      <Icon size={20} aria-hidden />
      <div className="notice__body">
        {props.title && <strong>{props.title}</strong>}
        {props.children}
      </div>
    </div>
  );
}

export function Stat(props: { label: ReactNode; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="stat">
      <span className="stat__label">{props.label}</span>
      <span className="stat__value number">{props.value}</span>
      {props.note && <span className="stat__note">{props.note}</span>}
    </div>
  );
}

/** What a chart shows, in rows. */
export function DataTable(props: {
  summary: string;
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly [string, ...ReactNode[]])[];
}) {
  return (
    <details className="data">
      <summary>{props.summary}</summary>
      <div className="data__scroll" tabIndex={0} role="region" aria-label={props.caption}>
        <Table caption={props.caption} columns={props.columns}>
          {props.rows.map(([first, ...rest]) => (
            <tr key={first}>
              <th scope="row">{first}</th>
              {rest.map((cell, at) => (
                <td key={at}>{cell}</td>
              ))}
            </tr>
          ))}
        </Table>
      </div>
    </details>
  );
}

/** A table with its headings, whose rows are told by whoever has them. */
export function Table(props: { caption: string; columns: readonly string[]; children: ReactNode }) {
  return (
    <table>
      <caption className="hidden-but-read">{props.caption}</caption>
      <thead>
        <tr>
          {props.columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{props.children}</tbody>
    </table>
  );
}

export function Waiting(props: { children: ReactNode }) {
  return (
    <div className="waiting" role="status">
      {props.children}
    </div>
  );
}
