/* What every other script uses: find, build, read, send. */
window.crm = (function () {
  "use strict";
  const $ = (selector, root) => (root || document).querySelector(selector);
  const $$ = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const meta = (name) => ($(`meta[name="${name}"]`) || {}).content || "";
  const json = (id) => {
    const block = id && document.getElementById(id);
    return block ? JSON.parse(block.textContent) : null;
  };
  const texts = json("texts") || {};

  /* An element from tag, attributes and children; text only, never markup. */
  function h(tag, attrs, ...children) {
    const el = document.createElement(tag);
    Object.entries(attrs || {}).forEach(([name, value]) => {
      if (value === false || value == null) return;
      if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
      else el.setAttribute(name, value === true ? "" : value);
    });
    el.append(...children.flat().filter((child) => child != null));
    return el;
  }

  function icon(name, cls) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const use = document.createElementNS(space, "use");
    svg.setAttribute("class", cls ? `ic ${cls}` : "ic");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${meta("icons")}#${name}`);
    svg.append(use);
    return svg;
  }

  /* Announce what the server put into HX-Trigger (for requests that htmx did not make). */
  function announce(response) {
    const header = response.headers.get("HX-Trigger");
    if (!header) return;
    const events = header.startsWith("{") ? JSON.parse(header) : { [header]: {} };
    Object.entries(events).forEach(([name, detail]) => fire(name, detail));
  }

  function fire(name, detail) {
    document.dispatchEvent(new CustomEvent(name, { detail: typeof detail === "object" ? detail : { value: detail } }));
  }

  /* A library that only some people use is fetched at its first use; its address stands in the page's head. */
  const asked = {};
  function need(name) {
    asked[name] = asked[name] || new Promise((done, failed) => {
      document.head.append(h("script", { src: meta(`lib-${name}`), onload: done, onerror: failed }));
    });
    return asked[name];
  }

  async function post(url, values) {
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(values),
      headers: { "X-CSRFToken": meta("csrf-token"), "HX-Request": "true" },
    });
    announce(response);
    return response;
  }

  document.addEventListener("htmx:config:request", (event) => {
    const request = event.detail.ctx.request;
    if (!/^(GET|HEAD)$/i.test(request.method)) request.headers["X-CSRFToken"] = meta("csrf-token");
  });
  /* The session has ended: the whole page goes to sign in, forms keep what they hold. */
  document.addEventListener("signIn", (event) => setTimeout(() => location.assign(event.detail.value)));
  document.addEventListener("htmx:error", () => fire("toast", { text: texts.failed, tone: "red" }));

  return { $, $$, meta, json, texts, h, icon, fire, need, post };
})();
