// Runs before anything is drawn, as a file of its own because the page allows no inline code. It puts the chosen theme
// on the page, so that a dark room does not flash white; asks for what lies behind the door where somebody is signed in,
// who would otherwise wait for it until the page itself has come; and takes the letter's code out of the address while
// the rest is still on its way: on a slow network the code would stand there for seconds, for shoulders and screenshots.
(() => {
  // The build puts the addresses there.
  const { behind = "", english } = document.currentScript.dataset;
  const ask = (address) => {
    const isStyle = address.endsWith(".css");
    const link = document.createElement("link");
    Object.assign(link, { rel: isStyle ? "preload" : "modulepreload", as: isStyle ? "style" : "script" });
    Object.assign(link, { crossOrigin: "", href: address });
    document.head.append(link);
  };
  try {
    const theme = localStorage.getItem("bart.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    if (localStorage.getItem("bart.session") && behind) behind.split(" ").forEach(ask);
    // As src/words/words.ts will: the page waits for its words.
    if (english && (localStorage.getItem("bart.language") ?? navigator.language).startsWith("en")) ask(english);
    // src/views/letter.ts takes it up.
    if (location.hash.startsWith("#code=")) sessionStorage.setItem("bart.letter", location.hash);
  } catch {
    return; // A browser that keeps nothing: the page does without, and src/main.tsx reads the address itself.
  }
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
})();
