// Whether a file is the record that an application names.

import type { ReadonlyUint8Array } from "@solana/kit";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Notice } from "../../ui";
import { FileField } from "../../ui/FileField";
import { hashOf, hex, isNone } from "../../household/record";

export function RecordCheck({ hash }: { hash: ReadonlyUint8Array }) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<{ name: string; hash: string }>();
  const [failed, setFailed] = useState(false);
  const pick = async (file: File) => {
    setPicked(undefined);
    try {
      setPicked({ name: file.name, hash: hex(await hashOf(file)) });
      setFailed(false);
    } catch {
      // Moved, or not readable.
      setFailed(true);
    }
  };
  const named = hex(hash);
  const isSame = picked?.hash === named;
  return (
    <details className="record">
      <summary>{t("desk.record.check")}</summary>
      <div className="record__body">
        <p>
          <span className="quiet small">{t("desk.record.named")}</span>
          <br />
          <code className="record__hash">{isNone(hash) ? t("desk.record.none") : named}</code>
        </p>
        <FileField
          label={t("desk.record.file")}
          hint={t("desk.record.fileHint")}
          onPick={(file) => void pick(file)}
        />
        {failed && <Notice alarm title={t("desk.record.unreadable")} />}
        {picked && (
          <Notice
            alarm={!isSame}
            title={t(
              isSame
                ? "desk.record.same"
                : isNone(hash)
                  ? "desk.record.namesNone"
                  : "desk.record.differs",
              { file: picked.name },
            )}
          >
            <code className="record__hash">{picked.hash}</code>
          </Notice>
        )}
      </div>
    </details>
  );
}
