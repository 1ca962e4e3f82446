import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import i18next from "i18next";
import { expect, test } from "vitest";

import { chosenFrom, LANGUAGES, languagesOf, startLanguage } from "../src/language";
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

/** Those of English, with the forms of the language's own plurals: "windows_one" and "windows_other", also "windows_few". */
function namesFor(tag: string): string[] {
  const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
  const names = [...flat(en).keys()].flatMap((name) => {
    const counted = /^(.*)_other$/.exec(name)?.[1];
    if (counted !== undefined) return forms.map((form) => `${counted}_${form}`);
    return name.endsWith("_one") ? [] : [name];
  });
  return names.sort();
}

/** The English text that stands for a language's. */
const english = flat(en);
const inEnglish = (name: string) =>
  english.get(name) ?? english.get(name.replace(/_[a-z]+$/, "_other"))!;

const others = LANGUAGES.filter(({ tag }) => tag !== "en");

test.each(others)(
  "given $tag when compared with English then no text is missing, and none too many",
  async ({ tag, load }) => {
    expect([...flat(await load()).keys()].sort()).toEqual(namesFor(tag));
  },
);

test.each(others)(
  "given $tag when compared with English then the same things are filled in",
  async ({ load }) => {
    // "One window" may do without its number.
    const counts = (name: string, text: string) =>
      placeholders(text).filter((each) => each !== "count" || name.endsWith("_other"));
    for (const [name, text] of flat(await load()))
      expect([name, counts(name, text)]).toEqual([name, counts(name, inEnglish(name))]);
  },
);

test("given files of languages when looked at then each is offered by its own name", () => {
  const files = readdirSync(join(src, "language")).filter((name) => name.endsWith(".json"));
  expect(files.sort()).toEqual(LANGUAGES.map(({ tag }) => `${tag}.json`).sort());
  expect(LANGUAGES.map(({ name }) => name)).toEqual(["Deutsch", "English"]);
});

test("given another file when it is put beside them then it is offered, and nothing else is to be done", () => {
  const load = async () => ({});
  const names = ["de", "en", "pt-BR", "cs"];
  const languages = languagesOf(Object.fromEntries(names.map((name) => [`./${name}.json`, load])));
  expect(languages.map(({ tag, name }) => [tag, name])).toEqual([
    ["cs", "Čeština"],
    ["de", "Deutsch"],
    ["en", "English"],
    ["pt-BR", "Português (Brasil)"],
  ]);
});

test.each([
  [["de-AT", "en"], "de"],
  [["pt-BR"], "pt-BR"],
  [["pt-PT", "fr"], "en"],
  [["toString"], "en"],
])("given a browser that asks for %j when a language is chosen then it is %s", (asked, tag) => {
  expect(chosenFrom([{ tag: "en" }, { tag: "de" }, { tag: "pt-BR" }], asked)).toBe(tag);
});

test("given a language that can't be loaded when the page starts then it speaks English", async () => {
  await startLanguage("tlh");
  expect([i18next.language, i18next.t("wallet.close")]).toEqual(["en", "Close"]);
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
