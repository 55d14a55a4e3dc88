/* c-filter: edits the JSON condition of a list.  `data-fields` names the JSON block with
   [{name, label, kind, ops: [[op, label]], choices: [[value, label]], url}]; `data-legend` one with {fields: more of
   them, names: {field: {id: text}} of linked records, words: each part as a sentence}.  The hidden input carries the
   result; with `data-strict` also rows without a value, so that the server can say what is missing; with
   `data-everybody` nobody is "me". */
(function () {
  "use strict";
  const { $, $$, h, icon, json, texts } = crm;
  const BARE = ["empty", "not_empty"];
  const LISTS = ["in", "not_in", "has_any", "has_all", "has_none"];
  const COUNTS = ["last_days", "next_days", "older_than", "last_workdays"];
  /* Ids have more digits than a number of JavaScript holds: they stay text. */
  const LONG = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
  const parsed = (text) => {
    try {
      return JSON.parse((text || "{}").replace(LONG, (found) => (found[0] === '"' ? found : `"${found}"`)));
    } catch {
      return {};
    }
  };
  const INPUT = { int: "number", decimal: "number", money: "number", percent: "number", date: "date", datetime: "date" };
  const options = (pairs, chosen) =>
    pairs.map(([value, label]) => h("option", { value, selected: String(value) === String(chosen) }, label));

  customElements.define("c-filter", class extends HTMLElement {
    connectedCallback() {
      const legend = json(this.dataset.legend) || {};
      this.names = legend.names || {};
      this.fields = json(this.dataset.fields) || [];
      this.fields.push(...(legend.fields || []).filter((one) => !this.knows({ f: one.name })));
      this.input = $('input[type="hidden"]', this);
      this.box = $(".fb", this) || this.appendChild(h("div", { class: "fb" }));
      const start = parsed(this.input.value);
      this.draw(start.all || (Object.keys(start).length ? [start] : []), legend.words || []);
      this.form = this.closest("form") || $("form", this);
      if (this.form) this.form.addEventListener("submit", () => this.write());
    }

    /* What has a row of its own; "today" fits into no input of dates. */
    knows(item) {
      return item.v !== "@today" && this.fields.some((one) => one.name === item.f);
    }

    draw(items, words) {
      const parts = items.flatMap((item, at) =>
        item.all && item.all.every((one) => this.knows(one)) ? item.all.map((one) => this.row(one)) : this.part(item, words[at]));
      this.box.replaceChildren(h("div", { class: "fb-join" }, texts.all), ...parts);
      this.box.append(this.buttons(this.box, true));
      this.box.addEventListener("change", () => this.write());
      this.write();
    }

    /* One condition, a group of alternatives, or something that only another page can edit. */
    part(item, words) {
      if (this.knows(item)) return this.row(item);
      if (item.any && item.any.every((one) => this.knows(one))) return this.group(item.any);
      const opaque = h("div", { class: "fb-row" }, h("p", { class: "fb-said" }, words || JSON.stringify(item)), this.remover());
      opaque.item = item;
      return opaque;
    }

    group(items) {
      const box = h("div", { class: "fb-any" }, h("div", { class: "fb-join" }, texts.any));
      box.append(h("div", { class: "fb" }, items.map((item) => this.row(item))), this.buttons(box, false));
      return box;
    }

    buttons(box, outer) {
      const place = () => $(":scope > .fb-add", box);
      const add = (part) => {
        place().before(part);
        $("select", part).focus();
        this.write();
      };
      const button = (text, make) =>
        h("button", { type: "button", class: "btn btn-ghost btn-sm", onclick: () => add(make()) }, icon("plus"), text);
      const buttons = [button(texts.add, () => this.row({}))];
      if (outer) buttons.push(button(texts.addAny, () => this.group([{}])));
      return h("div", { class: "fb-add" }, buttons);
    }

    remover() {
      const away = (event) => {
        event.target.closest(".fb-row").remove();
        $$(".fb-any", this).forEach((any) => $(".fb-row", any) || any.remove());
        this.write();
      };
      return h("button", { type: "button", class: "ib ib-sm", "aria-label": texts.remove, onclick: away }, icon("x"));
    }

    row(item) {
      const field = h("select", { class: "form-select", "aria-label": texts.field });
      const op = h("select", { class: "form-select", "aria-label": texts.op });
      const value = h("div", { class: "fb-v" });
      const row = h("div", { class: "fb-row" }, field, op, value, this.remover());
      field.append(...options(this.fields.map((f) => [f.name, f.label]), item.f));
      const known = () => this.fields.find((f) => f.name === field.value) || this.fields[0];
      const redraw = (given) => value.replaceChildren(...this.values(known(), op.value, given));
      const ops = (chosen, given) => {
        op.replaceChildren(...options(known().ops, chosen));
        redraw(given);
      };
      field.addEventListener("change", () => ops());
      op.addEventListener("change", () => redraw());
      ops(item.op, item.v);
      row.read = () => this.read(known(), op.value, value);
      return row;
    }

    /* The control that fits the kind of field and the comparison. */
    values(field, op, given) {
      const named = { "aria-label": `${field.label} ${texts.value}` };
      const one = (attrs, v) => h("input", { class: "form-control", value: v == null ? "" : v, ...named, ...attrs });
      const pick = (pairs) => [h("select", { class: "form-select", ...named }, options(pairs, given))];
      if (BARE.includes(op)) return [];
      if (op === "period") return pick(Object.entries(texts.periods));
      if (COUNTS.includes(op)) return [one({ type: "number", min: 0 }, given), h("span", {}, texts.days)];
      if (field.kind === "bool") return pick([["true", texts.yes], ["false", texts.no]]);
      if (field.kind === "ref" || field.kind === "region") return [this.link(field, op, [].concat(given == null ? [] : given))];
      if (field.choices.length) {
        if (!LISTS.includes(op)) return pick(field.choices);
        const chosen = [].concat(given == null ? [] : given).map(String);
        const check = ([v, label]) => h("label", {},
          h("input", { type: "checkbox", class: "form-check-input", value: v, checked: chosen.includes(String(v)) }), label);
        return [h("div", { class: "fb-opts", role: "group", ...named }, field.choices.map(check))];
      }
      const type = { type: INPUT[field.kind] || "text", step: "any" };
      if (op === "between") {
        const pair = given || [];
        return [one(type, pair[0]), h("span", {}, texts.to), one(type, pair[1])];
      }
      return [one(type, LISTS.includes(op) ? [].concat(given || []).join(", ") : given)];
    }

    link(field, op, given) {
      const mine = !("everybody" in this.dataset) && (field.target === "org.user" || /user|owner/.test(field.name));
      const fixed = mine ? ["@me", "@my_department"] : [];
      const names = this.names[field.name] || {};
      const known = Array.from(new Set([...fixed, ...given.map(String)]));
      const select = h("select", {
        class: "form-select",
        "aria-label": field.label,
        "data-url": field.url || false,
        multiple: LISTS.includes(op),
      }, known.map((id) => h("option", { value: id, selected: given.map(String).includes(id) },
        texts.variables[id] || names[id] || id)));
      if (!given.length && !select.multiple) select.prepend(h("option", { value: "", selected: true }));
      return h("c-select", {}, select);
    }

    read(field, op, box) {
      const atom = { f: field.name, op };
      if (BARE.includes(op)) return atom;
      const typed = (raw) => {
        if (field.kind === "bool") return raw === "true";
        return raw;
      };
      const opts = $(".fb-opts", box);
      const select = $("select", box);
      let got;
      if (opts) got = $$("input:checked", opts).map((el) => el.value);
      else if (select) got = Array.from(select.selectedOptions).map((option) => option.value).filter(Boolean).map(typed);
      else got = $$("input", box).map((el) => el.value.trim()).filter(Boolean);
      if (LISTS.includes(op) && !opts && !select) got = (got[0] || "").split(/[,，、]\s*/).filter(Boolean);
      if (!got.length || (op === "between" && got.length < 2)) return "strict" in this.dataset ? atom : null;
      if (COUNTS.includes(op)) return { ...atom, v: Number(got[0]) };
      return { ...atom, v: LISTS.includes(op) || op === "between" ? got : got[0] };
    }

    collect(box) {
      return Array.from(box.children).map((el) => {
        if (el.item) return el.item;
        if (el.read) return el.read();
        if (!el.classList.contains("fb-any")) return null;
        const any = $$(".fb-row", el).map((row) => row.read()).filter(Boolean);
        return any.length ? { any } : null;
      }).filter(Boolean);
    }

    write() {
      const all = this.collect(this.box);
      this.input.value = all.length ? JSON.stringify({ all }) : "";
      const none = $(".fb-none", this.box);
      if (none) none.remove();
      if (!$(".fb-row", this.box)) $(".fb-add", this.box).before(h("p", { class: "fb-none" }, texts.noFilter));
    }
  });
})();
