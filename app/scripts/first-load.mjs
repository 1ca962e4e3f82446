// What a first visit loads, by the build's manifest: what index.html brings, a language, and the page that was asked for.

const ENTRY = "index.html";
const LANGUAGE = /^src\/language\/(.+)\.json$/;

/**
 * Files of script by page and language. A page is what the entry loads later; what a page loads when somebody asks for it, such as what
 * makes a PDF, is no part of a first visit. The market's page comes with the entry.
 */
export function firstLoads(manifest) {
  const later = withImports(manifest, [ENTRY]).flatMap(
    (name) => manifest[name].dynamicImports ?? [],
  );
  const languages = later.filter((name) => LANGUAGE.test(name));
  const pages = later.filter((name) => !LANGUAGE.test(name));
  return [ENTRY, ...pages].flatMap((page) =>
    languages.map((language) => ({
      page,
      language: LANGUAGE.exec(language)[1],
      files: withImports(manifest, [ENTRY, page, language]).map((name) => manifest[name].file),
    })),
  );
}

/** These, and what they import at once, each once. */
function withImports(manifest, names) {
  const all = new Set(names);
  for (const name of all) for (const other of manifest[name].imports ?? []) all.add(other);
  return [...all];
}
