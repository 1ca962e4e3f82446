import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { LANGUAGES, type Language } from "../src/language";
import en from "../src/language/en.json";

const src = join(import.meta.dirname, "../src");

type Texts = { [name: string]: string | Texts };

/** "market.title" → its text. */
function flat(texts: Texts, path = ""): Map<string, string> {
  const entries = Object.entries(texts).flatMap(([name, text]): [string, string][] =>
    typeof text === "string" ? [[`${path}${name}`, text]] : [...flat(text, `${path}${name}.`)],
  );
  return new Map(entries);
}

const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

const others = (Object.keys(LANGUAGES) as Language[]).filter((language) => language !== "en");

test.each(others)(
  "given %s when compared with English then no text is missing, and none too many",
  async (language) => {
    const texts = flat((await LANGUAGES[language].load()) as Texts);
    expect([...texts.keys()].sort()).toEqual([...flat(en).keys()].sort());
  },
);

test.each(others)(
  "given %s when compared with English then the same things are filled in",
  async (language) => {
    const texts = flat((await LANGUAGES[language].load()) as Texts);
    for (const [name, text] of flat(en))
      expect([name, placeholders(texts.get(name)!)]).toEqual([name, placeholders(text)]);
  },
);

test("given all files of languages when looked at then each is named", () => {
  const files = readdirSync(join(src, "language")).filter((name) => name.endsWith(".json"));
  expect(files.sort()).toEqual(
    Object.keys(LANGUAGES)
      .map((name) => `${name}.json`)
      .sort(),
  );
});

test("given the page's sources when looked at then every text is used", () => {
  const sources = readdirSync(src, { recursive: true })
    .map(String)
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(src, name), "utf8"))
    .join("\n");
  const unused = [...flat(en).keys()]
    .map((name) => name.replace(/_(one|other)$/, ""))
    .filter((name) => {
      // Named as a whole, or made of a part that is filled in: t(`nav.${name}`).
      const parts = name.split(".");
      const isNamed = sources.includes(`"${name}"`);
      const isMade = parts.some((_, at) => {
        const [before, behind] = [parts.slice(0, at).join("."), parts.slice(at + 1).join(".")];
        const tail = behind && `.${behind}`;
        return new RegExp(`\`${before}\\.\\$\\{[^}]+\\}\\w*${tail}\``).test(sources);
      });
      return !isNamed && !isMade;
    });
  expect(unused).toEqual([]);
});
