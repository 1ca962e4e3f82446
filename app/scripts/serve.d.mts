export function serve(options: {
  state: string;
  port?: number;
  indexer?: string;
  daemons?: Readonly<Record<string, string>>;
}): Promise<{ url: string; close: () => Promise<void> }>;
