// Formats a Rust module with all its files at once: path → text, the root being mod.rs.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Throws an Error if there is no rustfmt, or a file is not Rust. */
export function rustfmt(files) {
  const folder = mkdtempSync(join(tmpdir(), "joulebook-codegen-"));
  try {
    for (const [path, text] of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    // It goes through the modules by itself.
    const options = { cwd: folder, encoding: "utf8" };
    const { status, stderr, error } = spawnSync(
      "rustfmt",
      ["--edition", "2021", "mod.rs"],
      options,
    );
    if (error) throw error;
    if (status !== 0) throw new Error(`rustfmt: ${stderr}`);
    return new Map(
      [...files.keys()].map((path) => [path, readFileSync(join(folder, path), "utf8")]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
