// Short messages at the corner; the region is a live one, so that they are read out as well.
import { icon, phrase } from "./phrases.js";

const ICONS = { ok: "circle-check", warn: "alert-triangle", bad: "circle-x", info: "info-circle" };

export function toast(text, level = "ok", link = null) {
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const box = document.createElement("div");
  box.className = `hl-toast hl-toast-${level in ICONS ? level : "info"}`;
  const words = document.createElement("p");
  words.textContent = text;
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = link.text;
    words.append(" ", anchor);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "hl-link";
  close.setAttribute("aria-label", phrase("close"));
  close.append(icon("x"));
  close.addEventListener("click", () => box.remove());
  box.append(icon(ICONS[level] ?? ICONS.info), words, close);
  region.append(box);
  if (level === "ok") setTimeout(() => box.remove(), 8000);
}
