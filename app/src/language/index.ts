// Languages: a file each. The first one is the page's own, and says which texts there are.

import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import en from "./en.json";

/** To add one, put its file here; `test/languages.test.ts` says what is missing in it. */
export const LANGUAGES = {
  en: { name: "English", load: async () => en },
  de: { name: "Deutsch", load: async () => (await import("./de.json")).default as typeof en },
} as const;
export type Language = keyof typeof LANGUAGES;

const STORED = "joulebook.language";

export const isLanguage = (text: string | null | undefined): text is Language =>
  text !== null && text !== undefined && text in LANGUAGES;

/** The one that was chosen here, or the first of the browser's that there is. */
export function preferredLanguage(): Language {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(STORED);
  } catch {
    // Storage may be forbidden.
  }
  const asked = [stored, ...navigator.languages.map((tag) => tag.split("-")[0])];
  return asked.find(isLanguage) ?? "en";
}

export async function startLanguage(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: en } },
    // React escapes by itself.
    interpolation: { escapeValue: false },
    showSupportNotice: false,
  } as never);
  await changeLanguage(language);
}

export async function changeLanguage(language: Language): Promise<void> {
  i18next.addResourceBundle(language, "translation", await LANGUAGES[language].load());
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  await changeLanguage(language);
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // It holds for this visit.
  }
}

/** For numbers and dates: the browser's own variant of the language, such as de-AT, if it has one. */
export function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
}
