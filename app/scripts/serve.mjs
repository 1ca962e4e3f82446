// Serves the built page for a sandbox, as `joulebook up` leaves it: the page, its configuration, the keys to try it with, and the
// indexer's API under the same origin. For a machine of one's own; README.md says what any other server has to do.
//
//   node scripts/serve.mjs --state ../target/sandbox/sandbox.json [--port 8080] [--control]
//
// With --control it ends with its stdin: with whoever started it.

import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer, request } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const INDEXER = "http://127.0.0.1:9105";
/** What it listens on, and is asked by: a name that somebody else points here is none of them. */
const HOSTS = ["127.0.0.1", "localhost"];
/** Where the daemons of `joulebook up` answer for their health. */
const DAEMONS = {
  keeper: "http://127.0.0.1:9101",
  gateway: "http://127.0.0.1:9102",
  agent: "http://127.0.0.1:9103",
  indexer: "http://127.0.0.1:9104",
};

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

/** Serves it until `close` of what comes back. `state` is the path of a sandbox's file. */
export async function serve({ state, port = 8080, indexer = INDEXER, daemons = DAEMONS }) {
  const sandbox = JSON.parse(readFileSync(state, "utf8"));
  const files = new Map([
    ["/configuration.json", configurationOf(sandbox, daemons)],
    ["/test-wallets.json", testWalletsOf(sandbox, dirname(state))],
  ]);
  const policy = policyOf(sandbox);
  const server = createServer((question, answer) => {
    answer.setHeader("content-security-policy", policy);
    answer.setHeader("x-content-type-options", "nosniff");
    answer.setHeader("referrer-policy", "no-referrer");
    if (!isAskedByName(question)) return answer.writeHead(421).end();
    try {
      const { pathname, search } = urlOf(question);
      if (pathname.startsWith("/indexer/"))
        return forward(question, answer, indexer, pathname.slice("/indexer".length) + search);
      const [, daemon] = /^\/health\/(\w+)$/.exec(pathname) ?? [];
      if (daemon && Object.hasOwn(daemons, daemon))
        return forward(question, answer, daemons[daemon], "/health");
      const file = files.get(pathname);
      if (file) return answer.setHeader("content-type", TYPES[".json"]).end(JSON.stringify(file));
      serveFile(pathname, answer);
    } catch {
      // Whatever is asked, the next one is answered.
      answer.writeHead(400).end();
    }
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOSTS[0], resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}

function configurationOf({ rpcUrl, wsUrl, market }, daemons) {
  return {
    cluster: { url: rpcUrl, wsUrl, chain: "solana:localnet" },
    ...{ market, indexer: "/indexer", currency: "EUR", timeZone: "UTC", explorer: null },
    ...{ isTest: true, testWallets: "/test-wallets.json" },
    health: Object.fromEntries(Object.keys(daemons).map((name) => [name, `/health/${name}`])),
  };
}

/** Those of a sandbox are known to everybody who reads its folder, and worth nothing. */
function testWalletsOf({ households, token, authority, supplier }, folder) {
  const key = (path) => JSON.parse(readFileSync(join(folder, path), "utf8"));
  return {
    accounts: [
      ...households.map(({ name, key: path }) => ({ name, key: key(path) })),
      { name: "operator", key: key(authority.key) },
      { name: "supplier", key: key(supplier.key) },
    ],
    mintAuthority: key(token.authority.key),
  };
}

function policyOf({ rpcUrl, wsUrl }) {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    `connect-src 'self' ${new URL(rpcUrl).origin} ${new URL(wsUrl).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function isAskedByName({ headers: { host = "" } }) {
  return HOSTS.includes(host.toLowerCase().replace(/:\d+$/, ""));
}

/** Throws for what is no path of this server: one that begins with two slashes names another. */
function urlOf({ url }) {
  if (!/^\/(?![/\\])/.test(url)) throw new TypeError("no path");
  return new URL(url, "http://page");
}

/** Asks a server of this machine, and nobody else, whatever the path. */
function forward(question, answer, server, path) {
  if (path.startsWith("//")) throw new TypeError("no path");
  const { hostname, port } = new URL(server);
  const asked = request({ hostname, port, path, method: question.method }, (told) => {
    answer.writeHead(told.statusCode ?? 502, {
      "content-type": told.headers["content-type"] ?? "",
    });
    told.pipe(answer);
  });
  asked.on("error", () => {
    if (!answer.headersSent) answer.writeHead(502);
    answer.end();
  });
  question.pipe(asked);
}

function serveFile(pathname, answer) {
  // Whatever is no file is a page of the application's.
  const found = fileAt(pathname) ?? { path: join(dist, "index.html"), isKept: false };
  answer.setHeader("content-type", TYPES[extname(found.path)] ?? "application/octet-stream");
  answer.setHeader(
    "cache-control",
    found.isKept ? "public, max-age=31536000, immutable" : "no-cache",
  );
  createReadStream(found.path)
    .on("error", () => answer.writeHead(404).end())
    .pipe(answer);
}

function fileAt(pathname) {
  const path = join(dist, normalize(decoded(pathname)));
  if (!path.startsWith(dist) || !statSync(path, { throwIfNoEntry: false })?.isFile())
    return undefined;
  return { path, isKept: pathname.startsWith("/assets/") };
}

/** A path that is not well encoded is no file. */
function decoded(pathname) {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return "";
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      state: { type: "string", default: "target/sandbox/sandbox.json" },
      port: { type: "string", default: "8080" },
      control: { type: "boolean", default: false },
    },
  });
  if (values.control) process.stdin.resume().once("end", () => process.exit());
  const { url } = await serve({ state: values.state, port: Number(values.port) });
  console.log(url);
}
