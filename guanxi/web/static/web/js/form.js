/* c-rows: a table of inputs named prefix-row-field that grows; the hidden input says how many rows there are. */
customElements.define("c-rows", class extends HTMLElement {
  connectedCallback() {
    const button = crm.$("[data-add-row]", this);
    if (button) button.addEventListener("click", () => this.add(5));
  }

  add(more) {
    const body = crm.$("tbody", this);
    const count = crm.$("input[type=hidden][name=rows]", this);
    let first = null;
    for (let n = 0; n < more; n += 1) {
      const row = body.lastElementChild.cloneNode(true);
      crm.$$(".ferr", row).forEach((el) => el.remove());
      crm.$$("input", row).forEach((el) => {
        el.value = "";
        el.name = el.name.replace(/-\d+-/, `-${count.value}-`);
      });
      body.append(row);
      count.value = Number(count.value) + 1;
      first = first || crm.$("input", row);
    }
    first.focus();
  }
});

/* c-form: conditional fields, a question before changes are lost, Ctrl+Enter, one submit only. */
customElements.define("c-form", class extends HTMLElement {
  connectedCallback() {
    this.form = crm.$("form", this) || this.closest("form");
    if (!this.form) return;
    this.changed = false;
    this.touch = (event) => {
      if (event.isTrusted) this.changed = true;
      this.sync();
    };
    this.keys = (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    };
    this.leave = (event) => { if (this.changed) event.preventDefault(); };
    this.gone = () => { if (this.changed || this.sent) crm.draft.keep(this.form); };
    this.sign = () => this.busy();
    this.send = () => this.busy();
    this.free = () => this.restore();
    this.form.addEventListener("input", this.touch);
    this.form.addEventListener("change", this.touch);
    this.form.addEventListener("keydown", this.keys);
    this.form.addEventListener("submit", this.send);
    this.form.addEventListener("htmx:finally:request", this.free);
    window.addEventListener("beforeunload", this.leave);
    window.addEventListener("pageshow", this.free);
    window.addEventListener("pagehide", this.gone);
    document.addEventListener("signIn", this.sign);
    this.changed = crm.draft.restore(this.form);
    this.sync();
  }

  disconnectedCallback() {
    window.removeEventListener("beforeunload", this.leave);
    window.removeEventListener("pageshow", this.free);
    window.removeEventListener("pagehide", this.gone);
    document.removeEventListener("signIn", this.sign);
  }

  /* data-show-when="field", "field=a|b" or "field!=a": hidden fields are not sent. */
  sync() {
    const values = new FormData(this.form);
    crm.$$("[data-show-when]", this.form).forEach((box) => {
      const [, name, not, wanted] = box.dataset.showWhen.match(/^([^!=]+)(!)?=?(.*)$/);
      const given = values.getAll(name).map(String);
      const hit = wanted ? given.some((value) => wanted.split("|").includes(value)) : given.some(Boolean);
      box.hidden = not ? hit : !hit;
      crm.$$("input, select, textarea", box).forEach((el) => { el.disabled = box.hidden; });
    });
  }

  /* The pressed button keeps its name and value: it is switched off after the browser has read the form. */
  busy() {
    this.sent = this.sent || this.changed;
    this.changed = false;
    setTimeout(() => crm.$$("button[type=submit]", this.form).forEach((button) => { button.disabled = true; }));
    this.setAttribute("aria-busy", "true");
  }

  restore() {
    crm.$$("button[type=submit]", this.form).forEach((button) => { button.disabled = false; });
    this.removeAttribute("aria-busy");
  }
});

/* data-enter-next: Enter goes on to the next field (Shift+Enter breaks a line), from the last one to the main button. */
document.addEventListener("keydown", (event) => {
  const form = event.target.closest && event.target.closest("form[data-enter-next]");
  if (!form || event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (!event.target.matches("input, select, textarea") || event.target.closest(".ts-wrapper")) return;
  event.preventDefault();
  const fields = crm.$$("input:not([type=hidden]), select, textarea", form)
    .filter((el) => !el.disabled && el.tabIndex >= 0 && el.checkVisibility());
  const next = fields[fields.indexOf(event.target) + 1];
  const rows = event.target.closest("c-rows");
  if (!next && rows) rows.add(1);
  else (next || crm.$("[data-default]", form) || event.target).focus();
});
