/* Keyboard: elements say their keys with data-keys ("n c"); lists move with J and K.  <html data-keys="off"> ends it. */
(function () {
  "use strict";
  const { $, $$ } = crm;
  let first = "";
  let timer = 0;

  const typing = (el) => el.closest("input, textarea, select, [contenteditable], .ts-wrapper");

  function step(by) {
    const rows = $$("#main .tbl tbody tr, #main .rows > li, #main .obs > li").filter((row) => $("a", row));
    const at = rows.findIndex((row) => row.classList.contains("cur"));
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (!row) return;
    rows.forEach((other) => other.classList.toggle("cur", other === row));
    $("th a, a", row).focus();
    row.scrollIntoView({ block: "nearest" });
  }

  const single = {
    "/": () => { const box = $(".find input"); if (box) { box.focus(); box.select(); } },
    "?": () => { const help = $("#keys"); if (help) help.showModal(); },
    j: () => step(1),
    k: () => step(-1),
    x: () => { const box = $("tr.cur .c-ck input"); if (box) box.click(); },
    e: () => { const edit = $("[data-edit]"); if (edit) edit.click(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.documentElement.dataset.keys === "off" || typing(event.target) || $("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const both = first && $(`[data-keys="${CSS.escape(`${first} ${key}`).replace(/\\ /g, " ")}"]`);
    const starts = $(`[data-keys^="${CSS.escape(key)} "]`);
    clearTimeout(timer);
    if (both) {
      event.preventDefault();
      first = "";
      both.click();
      return;
    }
    first = starts ? key : "";
    timer = setTimeout(() => { first = ""; }, 1200);
    if (!starts && single[key]) {
      event.preventDefault();
      single[key]();
    }
  });
})();
