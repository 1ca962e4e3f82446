// The record of an identity check, of which an application names the SHA-256: the operator holds the same file, and compares.

import { useRef } from "react";
import { useTranslation } from "react-i18next";

import { Button, Notice } from "../ui";
import { FileField } from "../ui/FileField";
import { hashOf, hex, NO_RECORD } from "./record";

export type PickedRecord =
  | Readonly<{ state: "none" | "reading" | "unreadable" }>
  | Readonly<{ state: "read"; name: string; hash: Uint8Array }>;

export const NOT_PICKED: PickedRecord = { state: "none" };

/** What an application says; undefined while that is not clear. */
export function hashIn(record: PickedRecord): Uint8Array | undefined {
  if (record.state === "none") return NO_RECORD;
  return record.state === "read" ? record.hash : undefined;
}

export function RecordField(props: {
  record: PickedRecord;
  onChange: (record: PickedRecord) => void;
}) {
  const { record, onChange } = props;
  const { t } = useTranslation();
  // The file that was picked last is the one that counts, whichever was read first.
  const picks = useRef(0);
  const around = useRef<HTMLDivElement>(null);
  const pick = async (file: File) => {
    const own = ++picks.current;
    onChange({ state: "reading" });
    const read = await hashOf(file).then(
      (hash): PickedRecord => ({ state: "read", name: file.name, hash }),
      (): PickedRecord => ({ state: "unreadable" }),
    );
    if (own === picks.current) onChange(read);
  };
  const leaveOut = () => {
    picks.current++;
    onChange(NOT_PICKED);
    const input = around.current?.querySelector("input");
    if (!input) return;
    input.value = "";
    // The button that had the focus goes.
    input.focus();
  };
  return (
    <div ref={around} className="record-field">
      <FileField
        label={t("recordField.label")}
        hint={t("recordField.hint")}
        onPick={(file) => void pick(file)}
      />
      {record.state === "unreadable" && <Notice alarm title={t("recordField.unreadable")} />}
      {record.state === "read" && (
        <p className="small" role="status">
          {t("recordField.named", { file: record.name })}
          <br />
          <code className="start__address">{hex(record.hash)}</code>
        </p>
      )}
      {record.state !== "none" && (
        <p>
          <Button small quiet onClick={leaveOut}>
            {t("recordField.leaveOut")}
          </Button>
        </p>
      )}
    </div>
  );
}
