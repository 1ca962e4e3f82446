import { extendClient as extend } from "@solana/kit";

/**
 * kit's `extendClient` with the return type that Codama's renderer declares for its plugins, that of kit 6. With
 * kit 8 it has a type of its own, which TypeScript can't compare with the other one while the client is generic.
 * `codegen/test` fails when the renderer has caught up; then this file can go.
 */
export function extendClient<Client extends object, Additions extends object>(
  client: Client,
  additions: Additions,
): Omit<Client, keyof Additions> & Additions {
  const extended: unknown = extend(client, additions);
  return extended as Omit<Client, keyof Additions> & Additions;
}
