// Runs before anything is drawn, as a file of its own because the page allows no inline code. It puts the chosen theme
// on the page, so that a dark room does not flash white, and takes the letter's code out of the address while the rest
// is still on its way: on a slow network the code would stand there for seconds, for shoulders and screenshots.
(() => {
  try {
    const theme = localStorage.getItem("bart.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    // src/views/letter.ts takes it up.
    if (location.hash.startsWith("#code=")) sessionStorage.setItem("bart.letter", location.hash);
  } catch {
    return; // A browser that keeps nothing: the page does without, and src/main.tsx reads the address itself.
  }
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
})();
