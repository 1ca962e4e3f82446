// How wide a part of the page is: charts are drawn to fit, so that their text keeps its size.

import { useLayoutEffect, useRef, useState } from "react";

/** Where nothing is laid out, as in tests. */
const UNKNOWN = 640;

export function useWidth<Part extends HTMLElement>() {
  const part = useRef<Part>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = part.current;
    if (!element) return;
    setWidth(element.clientWidth || UNKNOWN);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth || UNKNOWN));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [part, width] as const;
}
