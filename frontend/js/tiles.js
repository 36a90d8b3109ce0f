// A tile map and a table that know each other: pointing at or selecting in one shows in the other.
function tie(figure) {
  const table = document.getElementById(figure.dataset.tiles);
  if (!table) return;
  const tiles = (code) => figure.querySelectorAll(`[data-code="${CSS.escape(code)}"]`);
  const rows = (code) => table.querySelectorAll(`tr[data-code="${CSS.escape(code)}"]`);

  function choose(code) {
    const was = figure.querySelector("[aria-current]")?.dataset.code;
    figure.querySelectorAll("[aria-current]").forEach((tile) => tile.removeAttribute("aria-current"));
    table.querySelectorAll("tr[aria-selected]").forEach((row) => row.removeAttribute("aria-selected"));
    if (!code || code === was) return;
    tiles(code).forEach((tile) => tile.setAttribute("aria-current", "true"));
    rows(code).forEach((row) => row.setAttribute("aria-selected", "true"));
    rows(code)[0]?.scrollIntoView({ block: "nearest" });
  }

  figure.addEventListener("click", (event) => {
    const tile = event.target.closest("[data-code]");
    // A tile with rows on this page selects them; one without goes to its own list, as its link says.
    if (!tile || !rows(tile.dataset.code).length) return;
    event.preventDefault();
    choose(tile.dataset.code);
  });
  table.addEventListener("focusin", (event) => {
    const code = event.target.closest("tr[data-code]")?.dataset.code;
    if (code) tiles(code).forEach((tile) => tile.classList.add("hl-near"));
  });
  table.addEventListener("focusout", () => {
    figure.querySelectorAll(".hl-near").forEach((tile) => tile.classList.remove("hl-near"));
  });
  table.addEventListener("pointerover", (event) => {
    figure.querySelectorAll(".hl-near").forEach((tile) => tile.classList.remove("hl-near"));
    const code = event.target.closest("tr[data-code]")?.dataset.code;
    if (code) tiles(code).forEach((tile) => tile.classList.add("hl-near"));
  });
}

export function watchTiles(root) {
  root.querySelectorAll("[data-tiles]").forEach(tie);
}
