/* Short confirmations: HX-Trigger {"toast": {"text": "…", "undo_url": "/…", "tone": "red"}}. */
(function () {
  "use strict";
  const { $, h, texts } = crm;

  document.addEventListener("toast", (event) => {
    const { text, value, undo_url: undo, tone } = event.detail;
    const item = h("div", { class: tone ? `toast-i toast-${tone}` : "toast-i" }, h("i"), text || value || "");
    let timer = 0;
    const start = () => { timer = setTimeout(() => item.remove(), undo ? 8000 : 4000); };
    if (undo) {
      item.append(h("button", { type: "button", onclick: () => {
        item.remove();
        crm.post(undo, {}).then((answer) => answer.ok && location.reload());
      } }, texts.undo));
    }
    item.addEventListener("pointerenter", () => clearTimeout(timer));
    item.addEventListener("pointerleave", start);
    /* The dialog's layer covers everything else, so the message goes inside it. */
    const layer = $("dialog[open] .toasts") || $("#toasts");
    if (layer) layer.append(item);
    start();
  });
})();
