/** Has the browser keep a file. */
export function saveFile(name: string, content: string | Uint8Array, type: string) {
  const parts = typeof content === "string" ? content : new Uint8Array(content);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([parts], { type }));
  link.download = name;
  link.click();
  // A browser may begin to read it a moment later.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
