// A program's IDL as Codama's tree, with all that the IDL says and both languages need.

import { pipe, visit } from "@codama/visitors-core";
import { rootNodeFromAnchor } from "@codama/nodes-from-anchor";

import { constantsVisitor, docsVisitor, eventTypesVisitor } from "./visitors.mjs";

/**
 * The tree of an IDL (parsed JSON). Its events are types too, its constants have plain values.
 * Throws an Error for a constant without a literal value, or with a name that does not survive.
 */
export function programTree(idl) {
  return pipe(
    rootNodeFromAnchor(idl),
    (root) => visit(root, docsVisitor(idl)),
    (root) => visit(root, constantsVisitor(idl)),
    (root) => visit(root, eventTypesVisitor()),
  );
}

/** Names of the types that have a fixed layout in memory: rows of tables, and what lies within accounts. */
export function bytemuckTypes(idl) {
  return idl.types
    .filter(({ serialization }) => serialization === "bytemuck")
    .map(({ name }) => name);
}
