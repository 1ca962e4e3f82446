// Every test of a page speaks English, and leaves an empty page behind.

import { cleanup } from "@testing-library/react";
import { afterEach, beforeAll } from "vitest";

import { startLanguage } from "../src/language";

const hasPage = typeof document !== "undefined";
beforeAll(async () => {
  if (hasPage) await startLanguage("en");
});
if (hasPage) afterEach(cleanup);
