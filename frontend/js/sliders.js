// A slider and the box of its figure show the same: whichever is moved moves the other. The box alone is sent, so that a
// page without scripts has the box; what is typed beyond the slider's end makes the slider longer.
function follow(from, to) {
  if (to.type === "range") {
    const typed = from.value.replace(/[,，\s]/g, "");
    if (typed === "" || !Number.isFinite(Number(typed))) return;
    if (Number(typed) > Number(to.max)) to.max = typed;
    to.value = typed;
  } else {
    to.value = from.value;
  }
}

export function watchSliders(root) {
  for (const slider of root.querySelectorAll("input[type=range][data-moves]")) {
    if (slider.dataset.watched) continue;
    slider.dataset.watched = "1";
    slider.hidden = false;
    const box = document.getElementById(slider.dataset.moves);
    slider.addEventListener("input", () => follow(slider, box));
    box.addEventListener("input", () => follow(box, slider));
  }
}

// What comes back: whether the box holds a figure, and how far the axis above the slider goes now. A slider that is
// being moved keeps its length under the hand.
document.addEventListener("htmx:afterSettle", () => {
  for (const slider of document.querySelectorAll("input[type=range][data-shows]")) {
    const box = document.getElementById(slider.dataset.moves);
    const drawn = document.getElementById(slider.dataset.shows);
    const said = document.getElementById(box.getAttribute("aria-describedby"));
    if (said.textContent) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
    slider.setAttribute("aria-valuetext", `${drawn.dataset.value} ${box.nextElementSibling.textContent}`);
    if (document.activeElement === slider) continue;
    slider.max = drawn.dataset.highest;
    slider.value = drawn.dataset.value;
  }
});
