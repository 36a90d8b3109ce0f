// What every page loads: htmx and small modules. Nothing here is needed to read a page or to send a form.
import htmx from "htmx.org";
import { watchCharts } from "./chartloader.js";
import { watchDrafts } from "./drafts.js";
import { watchLists } from "./lists.js";
import { watchPanels } from "./panels.js";
import { watchSliders } from "./sliders.js";
import { watchTiles } from "./tiles.js";
import { watchUnits } from "./units.js";
import { phrase } from "./phrases.js";
import { toast } from "./toasts.js";

// Django's token travels with every htmx request in the header that hx-headers on <body> names. A piece that was
// swapped in may ask to be looked at again, so every module is told of the new nodes.
function lookAt(root) {
  watchPanels(root);
  watchLists(root);
  watchDrafts(root);
  watchTiles(root);
  watchUnits(root);
  watchCharts(root);
  watchSliders(root);
}

document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) lookAt(event.detail.elt);
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 401) toast(phrase("failed"), "bad");
});
document.addEventListener("htmx:sendError", () => toast(phrase("offline"), "bad"));
document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.level));

window.htmx = htmx;
lookAt(document.body);
