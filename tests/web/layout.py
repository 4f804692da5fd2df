"""What is wrong with how a page lies on the screen: it scrolls sideways, or words are cut."""

from __future__ import annotations

from playwright.async_api import Page

FAULTS = """() => {
  const faults = [];
  const page = document.scrollingElement;
  const all = {contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true};
  const nameOf = box => `${box.tagName.toLowerCase()}${box.dataset.testid ? `[${box.dataset.testid}]` : ''}`
    + `${[...box.classList].map(name => `.${name}`).join('')} "${box.textContent.trim().slice(0, 40)}"`;
  const holderOf = box => {
    for (let at = box.parentElement; at && at !== document.body; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== 'visible') return at;
    return null;
  };
  if (page.scrollWidth > page.clientWidth) faults.push(`the page is ${page.scrollWidth} wide on ${page.clientWidth}`);
  for (const box of document.querySelectorAll('body *')) {
    if (!box.checkVisibility(all) || box.closest('.unseen, svg, [aria-hidden=true]')) continue;
    const {overflowX, overflowY} = getComputedStyle(box);
    const scrolls = overflowX === 'auto' || overflowX === 'scroll';
    if (scrolls && box.scrollWidth > box.clientWidth + 1) faults.push(`scrolls sideways: ${nameOf(box)}`);
    const {left, right, width, height} = box.getBoundingClientRect();
    const isForEyes = width > 1 && height > 1;  // or else for screen readers alone
    if (!isForEyes || !box.matches('button, h1, h2, h3, b, summary, label, a, dt, dd, legend')) continue;
    if (box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1) faults.push(`cut at the side: ${nameOf(box)}`);
    const isHigher = box.clientHeight > 0 && box.scrollHeight > box.clientHeight + 3;
    if (isHigher && overflowY !== 'visible') faults.push(`cut below: ${nameOf(box)}`);
    if (right > innerWidth + 1 || left < -1) faults.push(`beside the screen: ${nameOf(box)}`);
    const holder = holderOf(box);
    if (holder && right > holder.getBoundingClientRect().right + 1) faults.push(`behind an edge: ${nameOf(box)}`);
  }
  // At 400 % the room scrolls as one; else what one writes in is always there.
  const field = innerHeight < 384 ? null : document.querySelector('.composer textarea');
  if (field && field.getBoundingClientRect().bottom > innerHeight) faults.push('where one writes is below the screen');
  return faults;
}"""


async def faults_of(page: Page) -> list[str]:
    """Sentences; none for a page on which everything can be read."""
    found: list[str] = await page.evaluate(FAULTS)
    return found
