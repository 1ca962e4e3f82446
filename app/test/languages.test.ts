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
  // Named as a whole, or made of parts that are filled in: t(`nav.${name}`).
  const made = [...sources.matchAll(/`([a-z][\w.]*(?:\$\{[^}]+\}[\w.]*)+)`/g)].map(
    ([, template]) => new RegExp(`^${template!.replace(/\$\{[^}]+\}/g, "[^.]+")}$`),
  );
  const unused = [...flat(en).keys()]
    .map((name) => name.replace(/_(one|other)$/, ""))
    .filter((name) => !sources.includes(`"${name}"`) && !made.some((form) => form.test(name)));
  expect(unused).toEqual([]);
});
