/** As Vite writes it, as far as it is read. */
type Manifest = Readonly<
  Record<
    string,
    { file: string; imports?: readonly string[]; dynamicImports?: readonly string[] } | undefined
  >
>;
type FirstLoad = Readonly<{ page: string; language: string; files: readonly string[] }>;

export function firstLoads(manifest: Manifest): FirstLoad[];
