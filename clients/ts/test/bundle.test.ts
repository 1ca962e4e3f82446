// What a bundler makes of the published files: `npm run build` has made them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { rolldown } from "rolldown";
import { test } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** An application of this one line, without kit. */
async function bundled(line: string): Promise<string> {
  const entry = "\0entry";
  const bundle = await rolldown({
    input: entry,
    external: [/^@solana\//],
    treeshake: true,
    plugins: [
      {
        name: "entry",
        resolveId: (id) =>
          id === entry ? id : id.startsWith("@joulebook/client") ? published(id) : null,
        load: (id) => (id === entry ? line : null),
      },
    ],
  });
  const { output } = await bundle.generate({ minify: true });
  await bundle.close();
  return output[0].code;
}

/** Where the package says that this is. */
function published(id: string): string {
  const { exports } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const [, name] = /^@joulebook\/client\/?(.*)$/.exec(id)!;
  const found = name ? exports["./*"].default.replace("*", name) : exports["."].default;
  return `${folder}/${found}`;
}

const client = "@joulebook/client";

test("given one instruction when it is bundled then nothing else comes with it", async () => {
  const one = await bundled(
    `import { market } from "${client}"; console.log(market.getClearInstruction);`,
  );
  const fromProgram = await bundled(
    `import { getClearInstruction } from "${client}/market"; console.log(getClearInstruction);`,
  );
  const all = await bundled(`import * as all from "${client}"; console.log(all);`);
  assert.ok(all.length > 100_000);
  assert.ok(one.length < 2_500, `${one.length} bytes`);
  assert.ok(fromProgram.length < 2_500, `${fromProgram.length} bytes`);
  assert.match(one, /clear|book/);
});

test("given the placing of orders when it is bundled then neither metering nor following comes with it", async () => {
  const code = await bundled(
    `import { connect, openMarket, placeOrders } from "${client}"; console.log(connect, openMarket, placeOrders);`,
  );
  // The words of all errors do: any of them may be met.
  assert.match(code, /The gate has closed/);
  assert.doesNotMatch(code, /Secp256r1SigVerify|logsNotifications|JBPROF/);
  assert.ok(code.length < 100_000, `${code.length} bytes`);
});

test("given the package when it is packed then it has the compiled files with their types, and the sources", () => {
  const packed = execFileSync("npm", ["pack", "--dry-run", "--json"], {
    cwd: folder,
    encoding: "utf8",
  });
  const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  for (const path of [
    "dist/src/index.js",
    "dist/src/index.d.ts",
    "src/index.ts",
    "README.md",
    "package.json",
  ])
    assert.ok(paths.includes(path), path);
  for (const path of paths)
    assert.match(path, /^(dist\/src|src)\/|^(README\.md|package\.json|LICENSE)$/);
});

test("given the compiled files when they import packages then these are what the package says that it needs, and no others", () => {
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(`${folder}/package.json`, "utf8"),
  ) as Record<"dependencies" | "peerDependencies", Record<string, string>>;
  const source = `${folder}/dist/src`;
  const code = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".js"))
    .map((path) => readFileSync(`${source}/${path}`, "utf8"));
  const imported = code.flatMap((text) =>
    [...text.matchAll(/^(?:import|export) (?:[^"]* from )?"((?:@[^/"]+\/)?[^./"][^/"]*)/gm)].map(
      ([, name]) => name!,
    ),
  );
  const needed = Object.keys({ ...dependencies, ...peerDependencies });
  assert.deepEqual([...new Set(imported)].sort(), needed.sort());
});
