// What each number of a check comes from, in tables that are made once somebody opens them.

import { formatDecimal, KWH_DECIMALS, type BillProof, type ProvenWindow } from "@joulebook/client";
import { getBase58Decoder } from "@solana/kit";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import { Table } from "../ui";
import { short } from "../wallet/short";
import { TransactionLink } from "../wallet/WalletMenu";
import type { Check } from "./compare";

/** Rows of windows that are shown: more is nothing for a page. */
const MOST_ROWS = 400;

function Opened(props: { summary: string; children: () => ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="data" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{props.summary}</summary>
      {isOpen && (
        <div className="data__scroll" tabIndex={0} role="region" aria-label={props.summary}>
          {props.children()}
        </div>
      )}
    </details>
  );
}

export function CheckAccounts({ proof }: { proof: BillProof }) {
  const { t } = useTranslation();
  const caption = t("proof.accounts.table");
  const columns = ["what", "address", "slot", "windows"] as const;
  return (
    <Opened summary={caption}>
      {() => (
        <Table caption={caption} columns={columns.map((each) => t(`proof.accounts.${each}`))}>
          {proof.witnesses.map(({ what, address, slot, windows }) => (
            <tr key={address}>
              <th scope="row">{t(`proof.accounts.of.${what}`)}</th>
              <td>
                <code title={address}>{short(address)}</code>
              </td>
              <td className="number">{slot.toString()}</td>
              <td className="number">{windows > 0 ? windows : "–"}</td>
            </tr>
          ))}
        </Table>
      )}
    </Opened>
  );
}

export function CheckLines({ lines }: Pick<Check, "lines">) {
  const { t } = useTranslation();
  const caption = t("proof.lines.table");
  return (
    <Opened summary={caption}>
      {() => (
        <Table
          caption={caption}
          columns={[t("bill.for"), t("proof.lines.billed"), t("proof.lines.proven")]}
        >
          {lines.map(({ name, billed, proven }) => (
            <tr key={name} data-differs={billed !== proven}>
              <th scope="row">{t(`bill.line.${name}`)}</th>
              <td className="number">{billed.toString()}</td>
              <td className="number">{proven.toString()}</td>
            </tr>
          ))}
        </Table>
      )}
    </Opened>
  );
}

/** Windows with their values, and the device signatures behind them. */
export function CheckWindows(props: { proof: BillProof; explorer: string | null }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { explorer } = props;
  const { windows } = props.proof;
  const caption = t("proof.windows.table");
  const columns = [
    "window",
    "contract",
    "flow",
    "deviation",
    "due",
    "evidence",
    "signature",
  ] as const;
  const rows = windows.slice(-MOST_ROWS).reverse();
  return (
    <Opened summary={caption}>
      {() => (
        <>
          {windows.length > rows.length && (
            <p className="quiet small">{t("proof.windows.latest", { count: rows.length })}</p>
          )}
          <Table caption={caption} columns={columns.map((each) => t(`proof.windows.${each}`))}>
            {rows.map((window) => (
              <tr key={window.start.toString()}>
                <th scope="row">{formats.dayTime(window.start)}</th>
                <td className="number">{kWh(netContract(window))}</td>
                <td className="number">{kWh(window.flow.import - window.flow.export)}</td>
                <td className="number">{kWh(window.deviation)}</td>
                <td className="number">{formats.fineMoney(window.due)}</td>
                <td>
                  {[...evidences(window)].map((each) => t(`proof.evidence.${each}`)).join(", ")}
                </td>
                <td>
                  <Signatures window={window} explorer={explorer} />
                </td>
              </tr>
            ))}
          </Table>
        </>
      )}
    </Opened>
  );
}

const kWh = (energy: bigint) => formatDecimal(energy, KWH_DECIMALS);
const netContract = ({ position }: ProvenWindow) => BigInt(position.bought) - BigInt(position.sold);
const evidences = ({ entries }: ProvenWindow) => new Set(entries.map(({ evidence }) => evidence));

/** Those of the registers at the window's end. */
function Signatures(props: { window: ProvenWindow; explorer: string | null }) {
  const { t } = useTranslation();
  const last = props.window.entries.flatMap(({ from }) => from.at(-1) ?? []);
  return (
    <span className="check__signatures">
      {last.map(({ signature, transaction }) => {
        const text = signature && getBase58Decoder().decode(signature);
        return (
          <span key={text ?? transaction}>
            {text ? <code title={text}>{short(text)}</code> : t("proof.windows.verifier")}{" "}
            {props.explorer !== null && (
              <TransactionLink explorer={props.explorer} signature={transaction} />
            )}
          </span>
        );
      })}
    </span>
  );
}
