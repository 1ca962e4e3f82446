import type { Quality } from "./quality";

/** Told apart by shape, not by colour alone; what it means stands beside it. */
export function QualityMark({ quality }: { quality: Quality }) {
  return <span className={`quality-mark quality-mark--${quality}`} aria-hidden />;
}
