// Every test speaks English, and leaves an empty page behind.

import { cleanup } from "@testing-library/react";
import { afterEach, beforeAll } from "vitest";

import { startLanguage } from "../src/language";

beforeAll(() => startLanguage("en"));
afterEach(cleanup);
