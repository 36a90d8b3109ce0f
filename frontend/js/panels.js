// Menus, dialogs, the drawer, copying, printing, theme: everything that opens, closes or is pressed.
import { phrase } from "./phrases.js";
import { toast } from "./toasts.js";

const onAll = (root, selector, does) => {
  if (root.matches?.(selector)) does(root);
  root.querySelectorAll(selector).forEach(does);
};

function menu(details) {
  const summary = details.querySelector("summary");
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && details.open) {
      details.open = false;
      summary.focus();
      event.stopPropagation();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const items = [...details.querySelectorAll(".hl-menu-panel :is(a, button, input):not([type=hidden])")];
    if (!items.length || event.target.matches("input:not([type=checkbox])")) return;
    event.preventDefault();
    details.open = true;
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = items.indexOf(document.activeElement);
    items[at < 0 && step < 0 ? items.length - 1 : (at + step + items.length) % items.length].focus();
  });
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false;
  });
}

document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-menu][open]").forEach((details) => {
    if (!details.contains(event.target)) details.open = false;
  });
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog?.showModal) {
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
  }
  if (event.target.closest("[data-refused]")) event.preventDefault();
  if (event.target.closest("[data-print]")) window.print();
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
});

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    const field = document.createElement("textarea");
    field.value = button.dataset.copy;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  button.dataset.copied = "";
  toast(phrase("copied"));
  setTimeout(() => delete button.dataset.copied, 2000);
}

// The theme changes at once; the form is sent as well, so that the next page comes in it.
function themes(form) {
  form.addEventListener("submit", (event) => {
    const value = event.submitter?.value;
    if (!value || !window.fetch) return;
    event.preventDefault();
    const root = document.documentElement;
    if (value === "auto") delete root.dataset.theme;
    else root.dataset.theme = value;
    form.querySelectorAll("button").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.value === value));
    });
    const body = new FormData(form);
    body.set("theme", value);
    fetch(form.action, { method: "POST", body, redirect: "manual" });
    document.dispatchEvent(new CustomEvent("hatchline:theme"));
  });
}

function popoverless(drawer) {
  if ("popover" in HTMLElement.prototype) return;
  document.querySelectorAll(`[popovertarget="${drawer.id}"]`).forEach((button) => {
    button.addEventListener("click", () => drawer.scrollIntoView());
  });
}

export function watchPanels(root) {
  onAll(root, "details[data-menu]", menu);
  onAll(root, "form[data-theme-form]", themes);
  onAll(root, "[popover]", popoverless);
  onAll(root, "[data-focus]", (node) => node.focus());
  onAll(root, ".hl-timeline > .hl-scroll", (node) => (node.scrollLeft = node.scrollWidth)); // where it is too wide: today
  onAll(root, "input[data-drop]", (input) => {
    input.addEventListener("dragover", () => (input.dataset.over = ""));
    for (const name of ["dragleave", "drop"]) input.addEventListener(name, () => delete input.dataset.over);
  });
}
