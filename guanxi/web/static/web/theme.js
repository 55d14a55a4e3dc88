/* Runs before the first paint: settles "follow the system" so that no page flashes. */
(function () {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  function settle() {
    if (root.dataset.theme === "auto") root.dataset.bsTheme = dark.matches ? "dark" : "light";
  }
  settle();
  dark.addEventListener("change", function () {
    settle();
    document.dispatchEvent(new Event("themechange"));
  });
})();
