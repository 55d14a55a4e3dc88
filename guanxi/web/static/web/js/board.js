/* c-kanban: drag cards between stages.  POST data-url {id, to, before}; a refusal puts the card back, 422 with a form
   asks for what the move needs.  The same move is in each card's menu as [data-move="stage"]. */
customElements.define("c-kanban", class extends HTMLElement {
  connectedCallback() {
    this.lists = crm.$$(".kb-l", this);
    this.sortables = [];
    if (window.Sortable) {
      this.sortables = this.lists.map((list) => new Sortable(list, {
        group: this.dataset.group || "board",
        animation: 150,
        ghostClass: "kb-ghost",
        filter: ".dropdown, .kb-fixed",
        preventOnFilter: false,
        delay: 180,
        delayOnTouchOnly: true,
        onEnd: (event) => this.dropped(event),
      }));
    }
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      const card = button.closest(".kb-i");
      const target = this.lists.find((list) => list.dataset.stage === button.dataset.move);
      const back = { list: card.parentElement, next: card.nextElementSibling };
      target.prepend(card);
      this.send(card, target, back);
      crm.$("a", card).focus();
    });
  }

  disconnectedCallback() { this.sortables.forEach((sortable) => sortable.destroy()); }

  dropped({ item, from, to, oldIndex }) {
    if (from === to) return;
    const others = Array.from(from.children);
    this.send(item, to, { list: from, next: others[oldIndex] || null });
  }

  async send(card, target, back) {
    const revert = () => {
      back.list.insertBefore(card, back.next);
      this.count();
    };
    this.count();
    card.setAttribute("aria-busy", "true");
    const next = card.nextElementSibling;
    const values = { id: card.dataset.id, to: target.dataset.stage, before: next ? next.dataset.id || "" : "" };
    try {
      const answer = await crm.post(this.dataset.url, values);
      if (!answer.ok) {
        revert();
        const body = await answer.text();
        if (answer.status === 422 && body.includes("<form")) this.ask(body);
        else crm.fire("toast", { text: body.includes("<") ? crm.texts.failed : body, tone: "red" });
      }
    } catch {
      revert();
      crm.fire("toast", { text: crm.texts.failed, tone: "red" });
    }
    card.removeAttribute("aria-busy");
  }

  ask(html) {
    const dialog = crm.$("#dialog");
    dialog.innerHTML = html;
    htmx.process(dialog);
    dialog.showModal();
  }

  /* Sums come with the next page from the server; the number of cards is right at once. */
  count() {
    this.lists.forEach((list) => {
      const n = crm.$("header .n", list.closest(".kb-c"));
      if (n) n.textContent = list.children.length;
    });
  }
});
