/* c-bulk: choosing rows, all that match, and the bar of verbs.  c-columns: which columns, in which order. */
customElements.define("c-bulk", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => this.change(event));
    this.addEventListener("click", (event) => this.click(event));
    this.watch = () => {
      this.sync();
      const cell = crm.$(".editing:not([data-on])", this);
      if (!cell) return;
      cell.dataset.on = "";
      crm.$("[name=reason], input:not([type=hidden]), select, textarea", cell).focus();
    };
    this.addEventListener("htmx:after:swap", this.watch);
    this.sync();
  }

  get boxes() { return crm.$$("tbody .c-ck input, .pick", this); }

  change({ target }) {
    if (target.matches("[data-all]")) this.boxes.forEach((box) => { box.checked = target.checked; });
    if (target.matches("[data-all], .c-ck input, .pick")) this.setAll(false);
  }

  click(event) {
    const el = event.target.closest("[data-clear], [data-all-match], [data-bulk], [data-select-mode]");
    if (!el) return;
    if ("selectMode" in el.dataset) this.classList.toggle("selecting");
    if ("clear" in el.dataset) {
      this.boxes.forEach((box) => { box.checked = false; });
      this.classList.remove("selecting");
      this.setAll(false);
    }
    if ("allMatch" in el.dataset) {
      event.preventDefault();
      this.setAll(true);
    }
    if (el.dataset.bulk) {
      event.preventDefault();
      crm.load(`${el.dataset.bulk}?${this.query()}`, "#dialog", el);
    }
  }

  /* Chosen ids, or the list's own filter when everything that matches is meant. */
  query() {
    const params = new URLSearchParams(this.all ? location.search : "");
    if (this.all) params.set("all", "1");
    else this.boxes.filter((box) => box.checked).forEach((box) => params.append("id", box.value));
    return params;
  }

  setAll(on) {
    this.all = on;
    const input = crm.$('input[name="all"]', this);
    if (input) input.value = on ? "1" : "";
    this.sync();
  }

  sync() {
    const boxes = this.boxes;
    const chosen = boxes.filter((box) => box.checked).length;
    boxes.forEach((box) => box.closest("tr, li, .kb-i").classList.toggle("picked", box.checked));
    crm.$$("[data-all]", this).forEach((head) => {
      head.indeterminate = chosen > 0 && chosen < boxes.length;
      head.checked = chosen > 0 && chosen === boxes.length;
    });
    const more = crm.$("[data-all-match]", this);
    if (more) more.hidden = this.all || chosen === 0 || chosen < boxes.length;
    const count = crm.$("[data-n]", this);
    if (count) count.textContent = this.all && more ? more.dataset.allMatch : chosen;
    const bar = crm.$(".bulk", this);
    if (bar) bar.hidden = !chosen;
  }
});

customElements.define("c-columns", class extends HTMLElement {
  connectedCallback() {
    this.list = crm.$("ul", this);
    this.addEventListener("change", () => this.write());
    this.addEventListener("keydown", (event) => this.move(event));
    this.addEventListener("pointerover", () => this.drag(), { once: true });
    this.write();
  }

  disconnectedCallback() { if (this.sortable) this.sortable.destroy(); }

  async drag() {
    if (!window.Sortable) await crm.need("sortable");
    this.sortable = new Sortable(this.list, {
      animation: 150,
      handle: ".ic",
      filter: "[data-fixed]",
      onMove: (event) => !event.related.hasAttribute("data-fixed"),
      onEnd: () => this.write(),
    });
  }

  /* Alt+Up and Alt+Down do what dragging does. */
  move(event) {
    const item = event.target.closest("li");
    if (!item || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const other = event.key === "ArrowUp" ? item.previousElementSibling : item.nextElementSibling;
    if (!other || other.hasAttribute("data-fixed") || item.hasAttribute("data-fixed")) return;
    if (event.key === "ArrowUp") other.before(item);
    else other.after(item);
    event.target.focus();
    this.write();
  }

  write() {
    const chosen = crm.$$("input[type=checkbox]", this.list).filter((box) => box.checked);
    crm.$('input[type="hidden"][name="columns"]', this).value = chosen.map((box) => box.value).join(",");
  }
});
