/* c-select: searchable select; `data-url` on the select answers ?q= with {"results": [{"id", "text"}]};
   `data-of` names the field of the same form whose row the choices belong to (contacts of the chosen customer). */
customElements.define("c-select", class extends HTMLElement {
  connectedCallback() {
    const select = crm.$("select", this);
    if (!select || !window.TomSelect || select.tomselect) return;
    const { texts, h } = crm;
    const label = select.labels && select.labels[0];
    if (label) select.setAttribute("aria-label", label.textContent.replace("*", "").trim());
    const note = (cls, text) => () => h("div", { class: cls }, text);
    const options = {
      create: "create" in select.dataset,
      maxOptions: 200,
      refreshThrottle: 0, // a list that opens late takes the focus back from the field one has gone on to
      allowEmptyOption: !select.multiple && !select.required, // where one is wanted, “choose” is no choice but a hint
      render: { no_results: note("no-results", texts.none), loading: note("loading", texts.loading) },
    };
    const { url, of } = select.dataset;
    const holder = of && select.form ? select.form.elements[of] : null;
    if (url) {
      Object.assign(options, {
        valueField: "id",
        labelField: "text",
        searchField: [],
        sortField: [{ field: "$order" }],
        preload: "focus",
        shouldLoad: () => true,
        load: (query, done) => {
          const within = holder && holder.value ? `&${of}=${encodeURIComponent(holder.value)}` : "";
          fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(query)}${within}`)
            .then((answer) => answer.json())
            .then((data) => {
              const typed = this.select.inputValue();
              if (query.trim() === typed) return done(data.results);
              done([]); // an old answer comes late
              this.select.load(typed); // and the list asked for on focus took the place of what was typed at once
            })
            .catch(() => done());
        },
      });
    }
    this.select = new TomSelect(select, options);
    if (holder) {
      holder.addEventListener("change", () => {
        this.select.clear();
        this.select.clearOptions();
        this.select.load("");
      });
    }
    if (url) this.select.on("type", () => this.select.clearOptions((o) => this.select.items.includes(String(o.id))));
  }

  disconnectedCallback() {
    if (this.select) this.select.destroy();
    this.select = null;
  }
});
