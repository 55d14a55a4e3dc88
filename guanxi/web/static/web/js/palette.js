/* c-palette: search and jump.  The box keeps the focus; the chosen line is named by aria-activedescendant. */
customElements.define("c-palette", class extends HTMLElement {
  connectedCallback() {
    this.dialog = this.closest("dialog");
    this.input = crm.$("input", this);
    this.results = crm.$("#pal-res", this);
    this.addEventListener("keydown", (event) => this.key(event));
    crm.$("form", this).addEventListener("submit", (event) => {
      event.preventDefault();
      this.go(false);
    });
    this.results.addEventListener("htmx:after:swap", () => this.choose(0));
    this.watcher = new MutationObserver(() => this.choose(0));
    this.watcher.observe(this.results, { childList: true });
    this.global = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      if (this.dialog.open) this.dialog.close();
      else this.dialog.showModal();
    };
    document.addEventListener("keydown", this.global);
    this.choose(0);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.global);
    this.watcher.disconnect();
  }

  get lines() { return crm.$$(".pal-i", this.results); }

  choose(index) {
    const lines = this.lines;
    this.at = lines.length ? (index + lines.length) % lines.length : -1;
    lines.forEach((line, i) => {
      line.id = line.id || `pal-${i}`;
      line.setAttribute("aria-selected", String(i === this.at));
    });
    this.input.setAttribute("aria-expanded", String(lines.length > 0));
    this.results.setAttribute("role", lines.length ? "listbox" : "status");
    if (this.at < 0) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.input.setAttribute("aria-activedescendant", lines[this.at].id);
    lines[this.at].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.choose(this.at + (event.key === "ArrowDown" ? 1 : -1));
    }
    /* A search box would only empty itself and keep the dialog. */
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      this.dialog.close();
    }
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      this.go(event.ctrlKey || event.metaKey);
    }
  }

  go(apart) {
    const line = this.lines[this.at];
    if (!line) return;
    if (apart && line.href) window.open(line.href, "_blank", "noopener");
    else {
      this.dialog.close();
      line.click();
    }
  }
});
