// The keyboard of a phone covers the page without making it smaller: the town is told how much of it is in view.

const HEIGHT = "--viewport";

/** Begins to follow; returns what ends it. */
export function followViewport(): () => void {
  const seen = window.visualViewport;
  const page = document.documentElement.style;
  if (!seen) return () => undefined;
  const follow = (): void => {
    // Who zooms in wants to see a part of the page, and not another page.
    if (Math.abs(seen.scale - 1) > 0.01) return;
    page.setProperty(HEIGHT, `${Math.round(seen.height)}px`);
    if (seen.offsetTop > 0) scrollTo(0, 0);
  };
  follow();
  seen.addEventListener("resize", follow);
  return () => {
    seen.removeEventListener("resize", follow);
    page.removeProperty(HEIGHT);
  };
}
