// Tables as CSV: points for decimals, names that stay, lines as RFC 4180 has them.

export type Cell = string | number | bigint;

export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

function quoted(cell: Cell): string {
  const text = String(cell);
  // A text that a spreadsheet would take for a formula stays a text.
  const safe = typeof cell === "string" && /^[=+@\t]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
