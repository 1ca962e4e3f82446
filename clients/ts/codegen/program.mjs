// A program's IDL as Codama's tree.

import { readFileSync } from "node:fs";

import { definedTypeNode } from "@codama/nodes";
import { rootNodeFromAnchor } from "@codama/nodes-from-anchor";
import { getBase58Encoder } from "@solana/kit";

export function readProgram(path) {
  const root = rootNodeFromAnchor(JSON.parse(readFileSync(path, "utf8")));
  const { program } = root;
  // The renderers know no events: render their data as types, and see events.mjs for telling them apart.
  const types = program.events.map(({ name, docs, data }) =>
    definedTypeNode({ name, docs, type: data.type }),
  );
  return { ...root, program: { ...program, definedTypes: [...program.definedTypes, ...types] } };
}

/** The program with what the renderer leaves unescaped in its errors' messages escaped. */
export function withMessages(root, escape) {
  const errors = root.program.errors.map((error) => ({ ...error, message: escape(error.message) }));
  return { ...root, program: { ...root.program, errors } };
}

/** The events of a program: each one's name and the eight bytes that it starts with. */
export function eventsOf({ program }) {
  return program.events.map(({ name, data }) => ({
    name,
    discriminator: [...bytesOf(data.prefix[0].value)],
  }));
}

/** The bytes of a literal in the tree. */
export function bytesOf({ data, encoding }) {
  if (encoding === "base58") return getBase58Encoder().encode(data);
  return Buffer.from(data, { base16: "hex", base64: "base64", utf8: "utf8" }[encoding]);
}

export const pascalCase = (name) => name.replace(/^./, (first) => first.toUpperCase());
export const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
