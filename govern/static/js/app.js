// Small comforts on top of plain links and forms. Everything works without this file.
(() => {
  "use strict";
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (node) => node.closest("input, textarea, select, [contenteditable]");
  const store = (() => { try { return window.sessionStorage; } catch { return null; } })();
  const DRAFT = "draft:";
  const SENT = "sent:";

  // ---- the live region reads out what a swap changed
  const announce = (text) => {
    const live = find("#live");
    if (!live || !text) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text.trim(); }, 60);
  };

  // ---- things that need a script appear only when there is one
  const prepare = (root) => {
    all("[data-dismiss], [data-copy]", root).forEach((node) => { node.hidden = false; });
    all("form[data-keep]", root).forEach(restore);
    all("form", root).forEach(countSelected);
  };

  // ---- errors: a refused page goes to its summary, a refused block to its first field, a summary's link to the field
  const showErrors = (root) => {
    const field = find('[aria-invalid="true"]', root);
    if (!field) return false;
    field.focus();
    announce(all(".err", root).map((node) => node.textContent).join(" "));
    return true;
  };
  const goToField = (event) => {
    const link = event.target.closest(".errsum a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    const control = target.matches("input, select, textarea") ? target : find("input, select, textarea", target);
    if (!control) return;
    event.preventDefault();
    (control.closest(".field") || control).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  };

  // ---- typed text survives leaving the page: kept in this tab until the form has been taken
  const key = (form) => DRAFT + location.pathname + "#" + (form.id || "form");
  const texts = (form) => all("textarea[name], input[type='text'][name], input:not([type])[name]", form);
  const keep = (form) => {
    const typed = {};
    texts(form).forEach((node) => { if (node.value !== node.defaultValue) typed[node.name] = node.value; });
    if (Object.keys(typed).length) store?.setItem(key(form), JSON.stringify(typed));
    else store?.removeItem(key(form));
  };
  function restore(form) {
    const kept = store?.getItem(key(form));
    if (!kept) return;
    const typed = JSON.parse(kept);
    texts(form).forEach((node) => { if (node.name in typed && !node.value) node.value = typed[node.name]; });
  }
  const forgetSent = () => {
    // A form that never arrived must find its text again: history steps clear nothing, a failure ends only the waiting.
    if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") return;
    const taken = !find("[data-failed]");
    Object.keys(store || {}).filter((name) => name.startsWith(SENT)).forEach((name) => {
      if (taken) store.removeItem(DRAFT + name.slice(SENT.length));
      store.removeItem(name);
    });
  };
  const forgetAll = () => Object.keys(store || {}).filter((name) => name.startsWith(DRAFT) || name.startsWith(SENT)).forEach((name) => store.removeItem(name));

  // ---- selecting rows
  function countSelected(form) {
    const output = find("[data-selected]", form);
    if (!output) return;
    const boxes = all(".sel input[type='checkbox']:not([data-all])", form);
    const chosen = boxes.filter((box) => box.checked).length;
    output.textContent = chosen;
    const master = find("[data-all]", form);
    if (master) {
      master.checked = chosen > 0 && chosen === boxes.length;
      master.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("details.who[open]").forEach((node) => { node.open = false; find("summary", node).focus(); });
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const box = all("#q, [type='search']").find((node) => node.offsetParent);
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  document.addEventListener("click", (event) => {
    goToField(event);
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) { dismiss.closest(".note").remove(); find("#main")?.focus(); }
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => announce(copy.textContent));
    if (event.target.closest("[data-forget]")) forgetAll();
  });

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    if (form.matches("[data-keep]")) keep(form);
    if (event.target.matches("[data-all]")) all(".sel input[type='checkbox']", form).forEach((box) => { box.checked = event.target.checked; });
    if (event.target.closest(".sel")) countSelected(form);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-keep]")) store?.setItem(SENT + key(form).slice(DRAFT.length), "1");
    // A search without empty parts has a short address that can be mailed.
    if (form.method === "get") {
      const blank = [...form.elements].filter((node) => node.name && node.value === "");
      blank.forEach((node) => { node.disabled = true; });
      setTimeout(() => blank.forEach((node) => { node.disabled = false; }));
    }
  });

  // ---- htmx
  document.addEventListener("htmx:configRequest", (event) => {
    const { verb, parameters } = event.detail;
    if (verb === "get") Object.keys(parameters).forEach((name) => { if (parameters[name] === "") delete parameters[name]; });
  });
  document.addEventListener("htmx:beforeRequest", () => { const lost = find("#lost"); if (lost) lost.hidden = true; });
  document.addEventListener("htmx:afterSettle", (event) => {
    const root = event.detail.elt;
    prepare(root);
    const sent = event.detail.requestConfig?.verb !== "get";
    if (sent && showErrors(root)) return;
    if (sent && document.activeElement === document.body) {
      root.tabIndex = -1;
      root.focus({ preventScroll: true });
    }
    announce(all("[data-announce]", root).map((node) => node.textContent).join(" "));
  });
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => document.addEventListener(name, () => {
    const lost = find("#lost");
    if (lost) { lost.hidden = false; lost.scrollIntoView({ block: "center" }); }
  }));

  forgetSent();
  prepare(document);
  find("#error-summary")?.focus();
})();
