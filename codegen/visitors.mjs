// What happens to a program's tree between its IDL and a renderer. Each function makes a visitor: it takes a
// root node and gives a new one. Nothing here knows how the rendered text looks.

import {
  accountNode,
  arrayTypeNode,
  camelCase,
  constantNode,
  definedTypeLinkNode,
  definedTypeNode,
  errorNode,
  eventNode,
  numberTypeNode,
  programNode,
  remainderCountNode,
  snakeCase,
  stringValueNode,
  structFieldTypeNode,
  structTypeNode,
} from "@codama/nodes";
import { getDefinedTypeHistogramVisitor } from "@codama/visitors";
import { bottomUpTransformerVisitor, rootNodeVisitor, visit } from "@codama/visitors-core";
import { getBase58Encoder } from "@solana/kit";

/** A visitor that changes the program and nothing below it. */
const programVisitor = (transform) =>
  bottomUpTransformerVisitor([
    { select: "[programNode]", transform: (node) => programNode({ ...node, ...transform(node) }) },
  ]);

/** Puts back the docs of accounts and events, which nodes-from-anchor drops. */
export function docsVisitor({ types }) {
  const docs = new Map(types.map((type) => [camelCase(type.name), type.docs ?? []]));
  const transform = (make) => (node) => make({ ...node, docs: docs.get(node.name) });
  return bottomUpTransformerVisitor([
    { select: "[accountNode]", transform: transform(accountNode) },
    { select: "[eventNode]", transform: transform(eventNode) },
  ]);
}

/**
 * Puts right what nodes-from-anchor makes of constants: it drops their docs, mangles names in capitals, leaves
 * strings in Rust's quotes, and makes a string of whatever is no literal. That throws an Error here.
 */
export function constantsVisitor({ constants: given = [] }) {
  return programVisitor(({ constants }) => ({
    constants: constants.map(({ type, value }, index) => {
      const { name, docs = [] } = given[index];
      const node = constantNode(name.toLowerCase(), type, literalValue(name, value), docs);
      if (constantName(node.name) === name) return node;
      throw new Error(`the constant ${name} would become ${constantName(node.name)}`);
    }),
  }));
}

function literalValue(name, value) {
  if (value.kind !== "stringValueNode") return value;
  if (!value.string.startsWith('"')) {
    throw new Error(`the constant ${name} is no literal: ${value.string}`);
  }
  return stringValueNode(JSON.parse(value.string));
}

/** The name of a constant as it stands in the IDL. */
export const constantName = (name) => snakeCase(name).toUpperCase();

/**
 * Adds the data of each event to the types. The renderers know no events. The discriminator stays behind: it
 * says which event it is, see {@link eventsOf}.
 */
export function eventTypesVisitor() {
  return programVisitor(({ definedTypes, events }) => ({
    definedTypes: [
      ...definedTypes,
      ...events.map(({ name, docs, data }) => definedTypeNode({ name, docs, type: data.type })),
    ],
  }));
}

/**
 * The events of a program: each one's name, the eight bytes that it starts with, its first field, which says what it is
 * about, and whether it has a number.
 */
export function eventsOf({ program }) {
  return program.events.map(({ name, data }) => ({
    name,
    discriminator: [...bytesOf(data.prefix[0].value)],
    about: data.type.fields[0].name,
    isNumbered: data.type.fields.some((field) => field.name === "number"),
  }));
}

/** Escapes the errors' messages for the literals that a renderer puts them into. */
export function messagesVisitor(escape) {
  return bottomUpTransformerVisitor([
    {
      select: "[errorNode]",
      transform: (node) => errorNode({ ...node, message: escape(node.message) }),
    },
  ]);
}

const ROWS = "Rows";

/**
 * The tables of a program: accounts whose rows follow the header. A string constant `LEDGER_ROWS` says which
 * follow that of `Ledger`, and how many: `"seats: Seat[capacity]"`. A number is a field of the header, or an
 * expression of several. Throws an Error for a constant that is not written like this.
 */
export function tablesOf({ program }) {
  return program.constants
    .filter(({ name, value }) => name.endsWith(ROWS) && value.kind === "stringValueNode")
    .map(({ name, value }) => {
      const account = name.slice(0, -ROWS.length);
      if (!program.accounts.some((node) => node.name === account)) {
        throw new Error(`the constant ${name} is about no account of the program ${program.name}`);
      }
      return { account, constant: name, rows: value.string.split(", ").map(rowsOf) };
    });
}

/** `"seats: Seat[capacity]"` as its parts. */
function rowsOf(text) {
  const [, name, type, count] = /^(\w+): (\w+)\[(.+)\]$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`"${text}" is not like "name: Type[number]"`);
  return { name: camelCase(name), type: camelCase(type), count };
}

/** Tables with rows of one kind, so that the rows reach to the account's end. */
export const tablesOfOneKind = (root) =>
  tablesOf(root)
    .filter(({ rows }) => rows.length === 1)
    .map(({ rows: [row], ...table }) => ({
      ...table,
      row: { ...row, count: camelCase(row.count) },
    }));

/**
 * Makes the rows of each table of one kind the last field of its account, and removes the constant that told of
 * them. Any other table keeps its header as its account: Codama has no number that is an expression.
 */
export function rowsVisitor() {
  return rootNodeVisitor((root) => {
    const tables = tablesOfOneKind(root);
    const constants = new Set(tables.map(({ constant }) => constant));
    const rows = new Map(tables.map(({ account, row }) => [account, row]));
    return visit(
      root,
      bottomUpTransformerVisitor([
        (node) => {
          if (node.kind === "constantNode" && constants.has(node.name)) return null;
          if (node.kind === "accountNode" && rows.has(node.name)) {
            return withRows(node, rows.get(node.name));
          }
          return node;
        },
      ]),
    );
  });
}

function withRows({ size: _, ...account }, { name, type, count }) {
  if (!account.data.fields.some((field) => field.name === count)) {
    throw new Error(`${account.name} has no field ${count}, the number of its ${name}`);
  }
  const rows = structFieldTypeNode({
    name,
    type: arrayTypeNode(definedTypeLinkNode(type), remainderCountNode()),
  });
  return accountNode({ ...account, data: structTypeNode([...account.data.fields, rows]) });
}

/**
 * Gives numbers their unit: a link to a type named like it. `units` is { unit: { format, fields } }; a field is
 * `name`, wherever it stands with this format, or `type.name`, only there. The units become types of the program.
 */
export function unitsVisitor(units) {
  const unitOf = new Map(
    Object.entries(units).flatMap(([unit, { format, fields }]) =>
      fields.map((field) => [`${format} ${field}`, unit]),
    ),
  );
  const transform = (node, stack) => {
    if (node.type.kind !== "numberTypeNode") return node;
    const { format } = node.type;
    const unit = namesOf(node, stack)
      .map((name) => unitOf.get(`${format} ${name}`))
      .find(Boolean);
    return unit ? Object.freeze({ ...node, type: definedTypeLinkNode(unit) }) : node;
  };
  return bottomUpTransformerVisitor([
    ...fieldsTransform(transform),
    {
      select: "[programNode]",
      transform: (node) =>
        programNode({
          ...node,
          definedTypes: [
            ...node.definedTypes,
            ...Object.entries(units).map(([name, { format }]) =>
              definedTypeNode({ name, type: numberTypeNode(format) }),
            ),
          ],
        }),
    },
  ]);
}

/**
 * Changes nothing. Throws an Error that lists the fields that have neither a unit nor a name in `plain`, and hold
 * numbers of 32 or 64 bits: as such, in an array, or if at all. `plain` is { format: fields }, fields as for
 * {@link unitsVisitor}, which comes before.
 */
export function plainNumbersVisitor(plain) {
  const missing = new Set();
  const transform = (node, stack) => {
    const format = formatOf(node.type);
    const names = namesOf(node, stack);
    const isPlain = names.some((name) => plain[format]?.includes(name));
    if (/32|64/.test(format) && !isPlain) missing.add(`${names[0]} (${format})`);
    return node;
  };
  return bottomUpTransformerVisitor([
    ...fieldsTransform(transform),
    {
      select: "[programNode]",
      transform: (node) => {
        if (missing.size === 0) return node;
        throw new Error(
          `numbers of ${node.name} without a unit: ${[...missing].join(", ")}; ` +
            "name them in codegen/units.mjs, under their unit or as plain",
        );
      },
    },
  ]);
}

const fieldsTransform = (transform) => [
  { select: "[structFieldTypeNode]", transform },
  { select: "[instructionArgumentNode]", transform },
];

const OWNERS = ["accountNode", "definedTypeNode", "eventNode", "instructionNode"];

/** How a field may be named: with the type, account, event or instruction that it is of, and without. */
function namesOf({ name }, stack) {
  const owner = stack.getPath().findLast(({ kind }) => OWNERS.includes(kind));
  return [`${owner.name}.${name}`, name];
}

/** The format of the number that a type is, or is an array or an option of; none of anything else. */
function formatOf(type) {
  return type.kind === "numberTypeNode" ? type.format : type.item && formatOf(type.item);
}

/**
 * Names of the types that the crate joulebook-layout has: those with a fixed layout in memory, and the enums that
 * neither instructions nor events refer to. Rows and headers hold these as plain bytes.
 */
export function layoutsOf(root, bytemuck) {
  const layouts = new Set(bytemuck.map(camelCase));
  const rest = visit(root, withoutLayoutsVisitor(layouts));
  const used = visit(rest, getDefinedTypeHistogramVisitor());
  const { name: program, definedTypes } = rest.program;
  for (const { name, type } of definedTypes)
    if (type.kind === "enumTypeNode" && !used[`${program}.${name}`]) layouts.add(name);
  return layouts;
}

/** Leaves out accounts, constants, and the types of these names. Links to the types stay. */
export function withoutLayoutsVisitor(layouts) {
  return programVisitor(({ definedTypes }) => ({
    accounts: [],
    constants: [],
    definedTypes: definedTypes.filter(({ name }) => !layouts.has(name)),
  }));
}

/** The bytes of a literal in the tree. */
export function bytesOf({ data, encoding }) {
  if (encoding === "base58") return getBase58Encoder().encode(data);
  return Buffer.from(data, { base16: "hex", base64: "base64", utf8: "utf8" }[encoding]);
}
