// What is published, for the tests of it.

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

export default function build() {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  rmSync(`${folder}/dist`, { recursive: true, force: true });
  execFileSync("npm", ["run", "--silent", "build"], { cwd: folder, stdio: "inherit" });
}
