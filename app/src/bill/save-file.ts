// A file for whoever looks at the page.

export function saveFile(parts: string | Uint8Array, type: string, name: string) {
  const content = typeof parts === "string" ? parts : new Uint8Array(parts);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
