// The three programs: where they are on disk and on chain.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Fault } from "./fault.mjs";

const NAMES = ["registry", "oracle", "market"];

/** Name, address and file of each program, from the IDLs and a folder. */
export function programFiles(folder) {
  const programs = NAMES.map((name) => {
    const idl = new URL(`../idl/${name}.json`, import.meta.url);
    const { address } = JSON.parse(readFileSync(idl, "utf8"));
    return { name, address, file: join(folder, `${name}.so`) };
  });
  const missing = programs.filter(({ file }) => !existsSync(file)).map(({ name }) => `${name}.so`);
  if (missing.length > 0)
    throw new Fault(
      `${missing.join(" and ")} not found in ${folder}; run make programs, or pass the folder with --programs`,
    );
  return programs;
}

/** Puts the programs at their addresses, and gives them an upgrade authority if there is one. */
export async function loadPrograms({ node, call }, programs, upgradeAuthority) {
  for (const { name, address, file } of programs) {
    node.deploy({ programId: address, soPath: file });
    // Without it, the authority is the system program, which signs nothing. To pass null instead would cut 32 bytes
    // out of the account, and the program would be beyond upgrading and running.
    if (upgradeAuthority) await call("surfnet_setProgramAuthority", address, upgradeAuthority);
    console.error(`node: ${name} is at ${address}`);
  }
}
