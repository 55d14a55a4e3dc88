/* Small parts: copy, sparkline, countdown, file drop, offline strip, submit on change. */
(function () {
  "use strict";
  const { $, $$, h, texts } = crm;

  customElements.define("c-copy", class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("click", async () => {
        const source = this.dataset.from ? $(this.dataset.from) : null;
        await navigator.clipboard.writeText(this.dataset.text || (source && (source.value || source.textContent)) || "");
        crm.fire("toast", { text: texts.copied });
      });
    }
  });

  customElements.define("c-spark", class extends HTMLElement {
    connectedCallback() {
      const values = (this.dataset.v || "").split(",").filter(Boolean).map(Number);
      if (values.length < 2 || this.firstChild) return;
      const low = Math.min(...values);
      const span = Math.max(...values) - low || 1;
      const points = values.map((y, i) =>
        `${((i / (values.length - 1)) * 100).toFixed(1)} ${(28 - ((y - low) / span) * 24).toFixed(1)}`);
      const space = "http://www.w3.org/2000/svg";
      const svg = document.createElementNS(space, "svg");
      const path = document.createElementNS(space, "path");
      svg.setAttribute("viewBox", "0 0 100 30");
      svg.setAttribute("preserveAspectRatio", "none");
      path.setAttribute("d", `M${points.join(" L")}`);
      path.setAttribute("vector-effect", "non-scaling-stroke");
      svg.append(path);
      this.append(svg);
    }
  });

  /* data-until (ISO time); past the end it counts up and says so by its class; from two days on it counts days. */
  customElements.define("c-clock", class extends HTMLElement {
    connectedCallback() {
      const two = (n) => String(Math.floor(n)).padStart(2, "0");
      const end = this.dataset.until ? Date.parse(this.dataset.until) : Date.now() + Number(this.dataset.sec) * 1000;
      const tick = () => {
        const left = (end - Date.now()) / 1000;
        const n = Math.abs(left);
        this.classList.toggle("t-red", left < 0);
        const shown = n < 172800 ? `${two(n / 3600)}:${two((n % 3600) / 60)}:${two(n % 60)}` : `${Math.floor(n / 86400)} ${texts.days}`;
        this.textContent = left < 0 ? `${texts.late} ${shown}` : shown;
      };
      tick();
      this.timer = setInterval(tick, 1000);
    }

    disconnectedCallback() { clearInterval(this.timer); }
  });

  customElements.define("c-drop", class extends HTMLElement {
    connectedCallback() {
      const input = $('input[type="file"]', this);
      const zone = $(".drop", this) || this;
      const mark = (on) => (event) => {
        event.preventDefault();
        zone.classList.toggle("over", on);
      };
      ["dragenter", "dragover"].forEach((name) => this.addEventListener(name, mark(true)));
      this.addEventListener("dragleave", mark(false));
      this.addEventListener("drop", (event) => {
        mark(false)(event);
        if (!event.dataTransfer.files.length) return;
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
      input.addEventListener("change", () => {
        const names = Array.from(input.files).map((file) => `${file.name} (${Math.ceil(file.size / 1024)} KB)`);
        const place = $("[data-files]", this);
        if (place) place.replaceChildren(...names.map((name) => h("div", {}, name)));
      });
    }
  });

  /* Words typed into [data-find] leave the lines ([data-line]) that hold them; groups with a hit open, the others go. */
  customElements.define("c-find", class extends HTMLElement {
    connectedCallback() {
      const box = $("[data-find]", this);
      box.addEventListener("input", () => {
        const words = box.value.trim().toLowerCase();
        $$("details", this).forEach((group) => {
          const lines = $$("[data-line]", group);
          lines.forEach((line) => { line.hidden = !line.dataset.line.toLowerCase().includes(words); });
          group.hidden = lines.length > 0 && lines.every((line) => line.hidden);
          group.open = Boolean(words) && !group.hidden;
        });
      });
    }
  });

  /* A phrase chosen goes to the end of the field that was written in last, else of the form's first text. */
  customElements.define("c-phrases", class extends HTMLElement {
    connectedCallback() {
      const form = this.closest("form");
      const select = $("select", this);
      let into = null;
      form.addEventListener("focusin", (event) => {
        if (event.target.matches("textarea, input[type=text]")) into = event.target;
      });
      select.addEventListener("change", () => {
        into = into && into.isConnected ? into : $("textarea", form) || $("input[type=text]", form);
        if (!select.value || !into) return;
        into.value = [into.value.trimEnd(), select.value].filter(Boolean).join(" ");
        select.value = "";
        into.dispatchEvent(new Event("input", { bubbles: true }));
        into.focus();
      });
    }
  });

  /* data-into names the field that takes the position of this device; without permission it is typed. */
  customElements.define("c-here", class extends HTMLElement {
    connectedCallback() {
      const button = $("button", this);
      if (!navigator.geolocation) this.hidden = true;
      button.addEventListener("click", () => {
        const field = this.closest("form").elements[this.dataset.into];
        navigator.geolocation.getCurrentPosition(({ coords }) => {
          field.value = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`;
        }, () => field.focus(), { enableHighAccuracy: true, timeout: 10000 });
      });
    }
  });

  /* A strip of tabs: those that find no room go into the menu at its end; the one we are on always stays in sight. */
  customElements.define("c-fold", class extends HTMLElement {
    connectedCallback() {
      const strip = $(".vtabs", this);
      const more = $(".dropdown", this);
      const menu = $("ul", more);
      const tabs = $$("a", strip);
      const widths = tabs.map((tab) => tab.offsetWidth + 2);
      const sum = (list) => list.reduce((a, b) => a + b, 0);
      const fold = () => {
        if (menu.contains(document.activeElement)) return; // somebody is choosing
        more.hidden = sum(widths) <= this.clientWidth;
        let room = this.clientWidth - (more.hidden ? 0 : more.offsetWidth || 96);
        const on = tabs.findIndex((tab) => tab.classList.contains("on"));
        if (on >= 0) room -= widths[on];
        let full = false;
        const rest = tabs.filter((tab, n) => {
          if (n === on) return false;
          full = full || widths[n] > room;
          room -= full ? 0 : widths[n];
          return full;
        });
        strip.replaceChildren(...tabs.filter((tab) => !rest.includes(tab)));
        menu.replaceChildren(...rest.map((tab) => h("li", {}, tab)));
        tabs.forEach((tab) => tab.classList.toggle("dropdown-item", rest.includes(tab)));
        $(".n", more).textContent = rest.length;
      };
      this.watch = new ResizeObserver(fold);
      this.watch.observe(this);
    }

    disconnectedCallback() { this.watch.disconnect(); }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });
  const here = $(".side-nav .on");
  if (here) here.scrollIntoView({ block: "nearest" });
  const strip = () => $$(".offline").forEach((el) => { el.hidden = navigator.onLine; });
  window.addEventListener("online", strip);
  window.addEventListener("offline", strip);
  strip();
})();
