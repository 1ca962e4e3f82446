export function serve(options: {
  state: string;
  port?: number;
  indexer?: string;
}): Promise<{ url: string; close: () => Promise<void> }>;
