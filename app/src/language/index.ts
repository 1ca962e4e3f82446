// Languages: a file each, found by its name and loaded when it is spoken. English says which texts there are.

import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import type en from "./en.json";

type Texts = typeof en;
/** As the build finds them: "./de.json", and how to load it. */
type Files = Readonly<Record<string, () => Promise<unknown>>>;
export type Language = Readonly<{
  /** BCP 47, the file's name: "de", or "pt-BR". */
  tag: string;
  /** As whoever speaks it calls it. */
  name: string;
  load: () => Promise<Texts>;
}>;

const OWN = "en";
const STORED = "joulebook.language";

/** A language for each file, by name. */
export function languagesOf(files: Files): readonly Language[] {
  return Object.entries(files)
    .map(([path, load]) => {
      const tag = path.replace(/^.*\/|\.json$/g, "");
      return { tag, name: nameOf(tag), load: load as Language["load"] };
    })
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** To add one, put its file here; `test/languages.test.ts` says what is missing in it. */
export const LANGUAGES = languagesOf(import.meta.glob("./*.json", { import: "default" }));

/** "Deutsch" for "de"; the tag where the browser knows no name. */
function nameOf(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

/** The first of the languages asked for that there is: as it is called, or without its region. */
export function chosenFrom(
  languages: readonly Pick<Language, "tag">[],
  asked: readonly string[],
): string {
  const names = asked.flatMap((tag) => [tag, tag.split("-")[0]!]);
  return names.find((name) => languages.some(({ tag }) => tag === name)) ?? OWN;
}

/** The one that was chosen here, or the first of the browser's that there is. */
export function preferredLanguage(): string {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(STORED);
  } catch {
    // Storage may be forbidden.
  }
  return chosenFrom(LANGUAGES, [...(stored === null ? [] : [stored]), ...navigator.languages]);
}

/** English is shown where another one can't be loaded. Throws where neither can. */
export async function startLanguage(tag: string): Promise<void> {
  const [spoken, texts] = await textsOf(tag).catch(() => textsOf(OWN));
  await i18next.use(initReactI18next).init({
    lng: spoken,
    fallbackLng: OWN,
    resources: { [spoken]: { translation: texts } },
    // React escapes by itself.
    interpolation: { escapeValue: false },
    showSupportNotice: false,
  } as never);
  document.documentElement.lang = spoken;
}

export async function changeLanguage(tag: string): Promise<void> {
  const [spoken, texts] = await textsOf(tag);
  i18next.addResourceBundle(spoken, "translation", texts);
  await i18next.changeLanguage(spoken);
  document.documentElement.lang = spoken;
}

async function textsOf(tag: string): Promise<[tag: string, texts: Texts]> {
  const language = LANGUAGES.find((each) => each.tag === tag);
  if (!language) throw new Error(`there is no language ${tag}`);
  return [tag, await language.load()];
}

/** Changes it for good. Nothing changes where its texts can't be loaded. */
export async function chooseLanguage(tag: string): Promise<void> {
  try {
    await changeLanguage(tag);
    localStorage.setItem(STORED, tag);
  } catch {
    // Without the network, it stays as it is; without storage, it holds for this visit.
  }
}

/** For numbers and dates: the browser's own variant of the language, such as de-AT, if it has one. */
export function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
}
