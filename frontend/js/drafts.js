// Nothing typed is lost. Every POST form keeps its values in this browser until they were accepted, and puts them back
// after a sign-in that had expired; a form with data-autosave also sends them to the server as one types.
import { icon, phrase } from "./phrases.js";
import { toast } from "./toasts.js";

const PAUSE = 1200;
const SKIPPED = new Set(["csrfmiddlewaretoken", "next"]);
const keyOf = (form) => `draft:${location.pathname}:${form.dataset.draft}`;

function valuesOf(form) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || SKIPPED.has(field.name) || ["password", "file", "hidden", "submit", "button"].includes(field.type)) continue;
    if (["checkbox", "radio"].includes(field.type)) {
      values[field.name] ??= [];
      if (field.checked) values[field.name].push(field.value);
    } else if (field.multiple) {
      values[field.name] = [...field.selectedOptions].map((option) => option.value);
    } else {
      values[field.name] = field.value;
    }
  }
  return values;
}

function putBack(form, values) {
  let changed = false;
  for (const field of form.elements) {
    const kept = values[field.name];
    if (kept === undefined) continue;
    if (["checkbox", "radio"].includes(field.type)) {
      const wanted = kept.includes(field.value);
      changed ||= field.checked !== wanted;
      field.checked = wanted;
    } else if (field.multiple) {
      for (const option of field.options) option.selected = kept.includes(option.value);
    } else if (typeof kept === "string" && field.value !== kept) {
      field.value = kept;
      changed = true;
    }
  }
  return changed;
}

function store(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store: the page itself still holds what was typed.
  }
}

function recall(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function say(form, text, state, name) {
  const place = form.querySelector("[data-saved]");
  if (!place) return;
  place.replaceChildren(icon(name), ` ${text}`);
  place.dataset.state = state;
}

async function send(form) {
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      headers: { "HX-Request": "true", "X-Requested-With": "fetch" },
      redirect: "manual",
    });
    if (response.status === 401 || response.type === "opaqueredirect") {
      say(form, phrase("expired"), "bad", "cloud-x");
      document.dispatchEvent(new CustomEvent("sign-in-expired"));
    } else if (!response.ok) {
      say(form, phrase("unsaved"), "bad", "cloud-x");
    } else {
      const clock = new Date().toLocaleTimeString("zh-CN", { hour12: false });
      say(form, `${phrase("saved")} ${clock}`, "ok", "cloud-check");
    }
  } catch {
    say(form, phrase("unsaved"), "bad", "cloud-x");
  }
}

function keep(form) {
  const key = keyOf(form);
  const kept = recall(key);
  // The page that answers a refused form carries what was typed already; only a page without errors is filled again.
  if (kept && !document.querySelector(".hl-summary") && putBack(form, kept)) {
    toast(phrase("restored"), "info");
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
  let timer = 0;
  form.addEventListener("input", () => {
    store(key, valuesOf(form));
    if (!form.dataset.autosave) return;
    clearTimeout(timer);
    timer = setTimeout(() => send(form), PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    store(key, valuesOf(form));
    store("draft:sent", { key, from: location.pathname });
  });
}

// A sent form was accepted when what came back is neither a sign-in page, nor an error, nor the form with its errors.
// In those three cases the draft stays, and is put back when the form is opened again.
function settle() {
  const sent = recall("draft:sent");
  if (!sent) return;
  const refused = document.querySelector("input[type=password], [data-failed], .hl-summary");
  store("draft:sent", null);
  if (!refused) store(sent.key, null);
}

// Whoever signs out leaves nothing behind for the next person at this desk.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) sessionStorage.clear();
});

document.addEventListener("sign-in-expired", () => {
  const next = encodeURIComponent(location.pathname + location.search);
  const href = `${document.body.dataset.signIn ?? "/accounts/login/"}?next=${next}`;
  toast(phrase("expired"), "warn", { href, text: "→" });
});

settle();

export function watchDrafts(root) {
  const forms = root.matches?.("form[data-draft]") ? [root] : root.querySelectorAll("form[data-draft]");
  forms.forEach(keep);
}
