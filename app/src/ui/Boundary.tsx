// What goes wrong while a part of the page is shown stays in that part, and is told.

import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button, Notice } from ".";
import { PartError } from "./lazy-page";

/** Tried anew when somebody asks for it, and when `of` changes: another page. */
export class Boundary extends Component<
  Readonly<{ of?: string; children: ReactNode }>,
  Readonly<{ error: unknown }>
> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidUpdate(before: Readonly<{ of?: string }>) {
    if (before.of !== this.props.of && this.state.error !== undefined) this.reset();
  }

  reset = () => this.setState({ error: undefined });

  override render() {
    const { error } = this.state;
    return error === undefined ? (
      this.props.children
    ) : (
      <Trouble error={error} onAgain={this.reset} />
    );
  }
}

function Trouble({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  const { t } = useTranslation();
  const isPart = error instanceof PartError;
  return (
    <Notice alarm title={t(isPart ? "weather.part.title" : "weather.crash.title")}>
      <p>{t(isPart ? "weather.part.text" : "weather.crash.text")}</p>
      {!isPart && <p className="quiet small">{String(error)}</p>}
      <p>
        {/* What could not be loaded is remembered as such: only the whole page forgets it. */}
        <Button quiet small onClick={isPart ? () => location.reload() : onAgain}>
          {t(isPart ? "weather.reload" : "weather.again")}
        </Button>
      </p>
    </Notice>
  );
}
