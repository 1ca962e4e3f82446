// Renders the clients of all programs from idl/*.json, in TypeScript and in Rust.
//
//   node codegen/main.mjs              writes them
//   node codegen/main.mjs --check      says which files are stale, and writes nothing
//   node codegen/main.mjs --idl DIR    takes the IDLs from another folder

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { renderErrorTable } from "./error-table.mjs";
import { bytemuckTypes, programTree } from "./program.mjs";
import { renderRust, renderRustRoot } from "./rust.mjs";
import { rustfmt } from "./rustfmt.mjs";
import { renderTypeScript } from "./typescript.mjs";

const PROGRAMS = ["registry", "oracle", "market"];
const checkout = fileURLToPath(new URL("../", import.meta.url));
const { values: options } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    idl: { type: "string", default: join(checkout, "idl") },
  },
});

/** All that is to lie in the two folders: path → text. */
async function render() {
  const typescript = join(checkout, "clients/ts/src/generated");
  const rust = join(checkout, "clients/rust/src/generated");
  const files = new Map();
  const modules = new Map([["mod.rs", renderRustRoot(PROGRAMS)]]);
  const idls = PROGRAMS.map((name) =>
    JSON.parse(readFileSync(join(options.idl, `${name}.json`), "utf8")),
  );
  files.set(join(typescript, "program-errors.ts"), await renderErrorTable(idls));
  for (const [place, name] of PROGRAMS.entries()) {
    const idl = idls[place];
    const tree = programTree(idl);
    for (const [path, text] of await renderTypeScript(tree))
      files.set(join(typescript, name, path), text);
    for (const [path, text] of renderRust(tree, bytemuckTypes(idl)))
      modules.set(join(name, path), text);
  }
  for (const [path, text] of rustfmt(modules)) files.set(join(rust, path), text);
  return { folders: [typescript, rust], files };
}

/** The files under a folder, none if there is no such folder. */
function filesUnder(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

const { folders, files } = await render();
const present = new Set(folders.flatMap(filesUnder));
const superfluous = [...present].filter((path) => !files.has(path));
const changed = [...files].filter(
  ([path, text]) => !present.has(path) || readFileSync(path, "utf8") !== text,
);

if (options.check) {
  const stale = [...superfluous, ...changed.map(([path]) => path)].map((path) =>
    relative(checkout, path),
  );
  if (stale.length > 0) {
    console.error(`stale: ${stale.join(", ")}. \`make generate\` renews the IDLs and the clients`);
    process.exit(1);
  }
  console.log("the clients are those of the IDLs");
} else {
  for (const path of superfluous) rmSync(path);
  for (const [path, text] of changed) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  console.log(
    `${files.size} client files, ${changed.length} of them written, ${superfluous.length} removed`,
  );
}
