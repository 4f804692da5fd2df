// Copying what is shown.

/** Over plain http, or without permission, there is no clipboard: then the old way, and at worst it stands selected. */
export async function isCopied(text: string, shown: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown);
    return document.execCommand("copy");
  }
}
