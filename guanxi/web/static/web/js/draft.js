/* What was typed into a form when the session turned out to have ended: kept in this tab until the person is back. */
crm.draft = (function () {
  "use strict";
  const PLACE = "draft";
  const HALF_AN_HOUR = 1_800_000;
  const person = crm.$("meta[name=person]");
  const mine = person ? person.content : "";
  const read = () => JSON.parse(sessionStorage.getItem(PLACE) || "null");
  const write = (draft) => sessionStorage.setItem(PLACE, JSON.stringify(draft));
  const place = (form) => new URL(form.getAttribute("action") || "", location).href;
  const named = (form, name) => Array.from(form.elements).filter((el) => el.name === name);

  /* Only the same person coming straight from signing in takes a draft up; whoever just goes on has no use for it. */
  let draft = read();
  const signedIn = document.referrer.startsWith(`${location.origin}/accounts/`);
  const fits = draft && draft.person === mine && (draft.back || signedIn) && Date.now() - draft.at < HALF_AN_HOUR;
  draft = fits ? { ...draft, back: true } : { person: mine, back: false, at: Date.now(), forms: {} };
  write(draft);
  document.addEventListener("signIn", () => { draft.back = true; });

  function standing(select) {
    const options = Array.from(select.options);
    const chosen = options.filter((option) => option.defaultSelected);
    return chosen.length || select.multiple ? chosen : options.slice(0, 1);
  }

  function differs(el) {
    if (/^(checkbox|radio)$/.test(el.type)) return el.checked !== el.defaultChecked;
    if (!el.options) return el.value !== el.defaultValue;
    const before = standing(el);
    const now = Array.from(el.selectedOptions);
    return now.length !== before.length || now.some((option) => !before.includes(option));
  }

  function content(el) {
    if (/^(checkbox|radio)$/.test(el.type)) return el.checked;
    return el.options ? Array.from(el.selectedOptions, (option) => [option.value, option.text]) : el.value;
  }

  /* What differs from the form as it came, so that newer data are not covered up; all of it after a refusal. */
  function keep(form) {
    const refused = crm.$(".err-sum", form);
    const values = Array.from(form.elements)
      .filter((el) => el.name && !/^(hidden|password|file|submit|button|reset|fieldset)$/.test(el.type))
      .filter((el) => refused || differs(el))
      .map((el) => [el.name, named(form, el.name).indexOf(el), content(el)]);
    if (!values.length) return;
    write({ ...draft, at: Date.now(), forms: { ...draft.forms, [place(form)]: values } });
  }

  function put(el, value) {
    if (/^(checkbox|radio)$/.test(el.type)) el.checked = value;
    else if (!el.options) el.value = value;
    else {
      Array.from(el.options).forEach((option) => { option.selected = false; });
      value.forEach(([id, text]) => {
        const found = Array.from(el.options).find((option) => option.value === id);
        if (found) found.selected = true;
        else el.append(new Option(text, id, true, true));
      });
    }
  }

  /* Whether anything was put back into the form. */
  function restore(form) {
    const values = draft.back ? draft.forms[place(form)] : null;
    if (!values) return false;
    delete draft.forms[place(form)];
    write(draft);
    const rows = crm.$("c-rows", form);
    values.forEach(([name, n, value]) => {
      if (!named(form, name)[n] && rows && /-\d+-/.test(name)) rows.add(1);
      const el = named(form, name)[n];
      if (el) put(el, value);
    });
    crm.fire("toast", { text: person.dataset.kept });
    return true;
  }

  return { keep, restore };
})();
