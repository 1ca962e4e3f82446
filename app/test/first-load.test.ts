import { expect, test } from "vitest";

import { firstLoads } from "../scripts/first-load.mjs";

/** As a build writes it: a frame that loads two languages and a page later, and the page a PDF when it is asked for. */
const MANIFEST = {
  "index.html": {
    file: "index.js",
    imports: ["_react.js"],
    dynamicImports: ["src/language/de.json", "src/language/en.json", "src/desk/DeskPage.tsx"],
  },
  "_react.js": { file: "react.js", imports: ["_runtime.js"] },
  "_runtime.js": { file: "runtime.js" },
  "src/language/de.json": { file: "de.js" },
  "src/language/en.json": { file: "en.js" },
  "src/desk/DeskPage.tsx": {
    file: "desk.js",
    imports: ["_react.js", "_table.js"],
    dynamicImports: ["src/pdf.ts"],
  },
  "_table.js": { file: "table.js" },
  "src/pdf.ts": { file: "pdf.js" },
};

test("given a build when a page is visited first then its parts and one language count, each file once", () => {
  const loads = firstLoads(MANIFEST).map(
    ({ page, language, files }) => `${page} ${language}: ${files.toSorted().join(" ")}`,
  );
  expect(loads).toEqual([
    "index.html de: de.js index.js react.js runtime.js",
    "index.html en: en.js index.js react.js runtime.js",
    "src/desk/DeskPage.tsx de: de.js desk.js index.js react.js runtime.js table.js",
    "src/desk/DeskPage.tsx en: desk.js en.js index.js react.js runtime.js table.js",
  ]);
});
