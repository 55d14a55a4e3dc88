/* Dialogs, drawers, the side navigation on phones, the theme switch. */
(function () {
  "use strict";
  const { $, $$, h, texts } = crm;
  const root = document.documentElement;
  let opener = null;

  function show(dialog, from) {
    if (dialog.open) return;
    opener = from || document.activeElement;
    dialog.showModal();
  }

  /* Load a fragment into the drawer or the dialog; the link's own address is the way without scripts. */
  crm.load = function (url, place, from) {
    const dialog = $(place);
    const line = (cls) => h("div", { class: `sk ${cls}` });
    dialog.replaceChildren(h("div", { class: "dr-b", "aria-busy": "true" }, line("sk-l"), line(""), line("sk-m")));
    show(dialog, from);
    return htmx.ajax("GET", url, { target: place, swap: "innerHTML" });
  };

  function switchTheme() {
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = root.dataset.theme = next;
    document.cookie = `theme=${next};path=/;max-age=31536000;samesite=lax`;
    document.dispatchEvent(new Event("themechange"));
    crm.post("/me/theme", { theme: next }).catch(() => {});
  }

  const ways = {
    open: (el) => show($(el.dataset.open), el),
    close: (el) => el.closest("dialog").close(),
    drawer: (el) => crm.load(el.dataset.drawer, "#drawer", el),
    dialog: (el) => crm.load(el.dataset.dialog, "#dialog", el),
    themeToggle: switchTheme,
    toggleSide: () => root.classList.toggle("side-open"),
    reload: () => location.reload(),
    print: () => window.print(),
    back: () => history.back(),
  };
  document.addEventListener("click", (event) => {
    const el = event.target.closest(
      "[data-open],[data-close],[data-drawer],[data-dialog],[data-theme-toggle],[data-toggle-side],[data-reload],[data-print],[data-back]",
    );
    if (!el) {
      if (!event.target.closest("#side")) root.classList.remove("side-open");
      if (event.target.matches("dialog.palette, dialog.pop")) event.target.close();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    ways[Object.keys(ways).find((name) => name in el.dataset)](el);
  });

  document.addEventListener("close", (event) => {
    if (!event.target.matches("dialog") || !opener) return;
    if (opener.isConnected) opener.focus();
    opener = null;
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") root.classList.remove("side-open");
  });

  /* A drawer with changed fields asks once before it goes. */
  document.addEventListener("cancel", (event) => {
    const form = $("c-form", event.target);
    if (form && form.changed && !window.confirm(texts.leave)) event.preventDefault();
  }, true);

  /* A form answered by a file leaves the page as it is: its dialog closes and says what comes. */
  document.addEventListener("submit", (event) => {
    const { said } = event.target.dataset;
    if (!said) return;
    event.target.closest("dialog").close();
    crm.fire("toast", { text: said });
  });

  /* The server closes what it has finished with: HX-Trigger {"closeDialog": {}}. */
  document.addEventListener("closeDialog", () => $$("dialog[open]").forEach((dialog) => dialog.close()));
  document.addEventListener("refreshPage", () => location.reload());
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail.ctx && event.detail.ctx.target;
    if (!target || !target.matches || !target.matches("dialog")) return;
    if (!target.open && target.childElementCount) show(target); // the answer to a form that fills a page of its own
    const first = $(".err-sum", target) || $("[autofocus], input:not([type=hidden]), select, textarea", target);
    if (first) first.focus();
  });
})();
