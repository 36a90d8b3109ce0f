// Lists by keyboard: "/" to search, arrows from row to row, Enter to open; picking rows, with Shift for a range.
const typing = (node) => node?.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.querySelector("[data-list-search]") ?? document.querySelector("[data-slash]");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
    return;
  }
  if (event.key === "ArrowDown" && event.target.matches?.("[data-list-search]")) {
    const first = document.querySelector("table[data-list] tbody tr");
    if (first) {
      event.preventDefault();
      stand(first);
    }
    return;
  }
  const row = event.target.closest?.("table[data-list] tbody tr");
  if (!row || typing(event.target)) return;
  const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
  if (next) {
    event.preventDefault();
    stand(next);
  } else if (event.key === "Enter" && event.target === row) {
    open(row, event);
  } else if (event.key === " " && event.target === row) {
    const box = row.querySelector("[data-pick]");
    if (box) {
      event.preventDefault();
      box.click();
    }
  }
});

function stand(row) {
  row.parentElement.querySelectorAll("tr[tabindex='0']").forEach((other) => (other.tabIndex = -1));
  row.tabIndex = 0;
  row.focus();
}

function open(row, event) {
  const href = row.dataset.href ?? row.querySelector("a[href]")?.href;
  if (!href) return;
  if (event.ctrlKey || event.metaKey) window.open(href, "_blank", "noopener");
  else window.location.assign(href);
}

document.addEventListener("click", (event) => {
  const row = event.target.closest?.("table[data-list] tbody tr[data-href]");
  if (row && !event.target.closest("a, button, input, label, summary") && !String(getSelection())) open(row, event);
});

function picking(table) {
  const boxes = [...table.querySelectorAll("[data-pick]")];
  const all = table.querySelector("[data-pick-all]");
  const place = table.closest("form, section, main") ?? document;
  const bar = place.querySelector("[data-bulk]") ?? document.querySelector("[data-bulk]");
  let before = null;

  function tell() {
    const picked = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").classList.toggle("hl-picked", box.checked));
    if (all) {
      all.checked = picked.length > 0 && picked.length === boxes.length;
      all.indeterminate = picked.length > 0 && picked.length < boxes.length;
    }
    if (bar) {
      bar.hidden = picked.length === 0;
      bar.querySelector("[data-bulk-count]").textContent = String(picked.length);
    }
  }

  boxes.forEach((box, at) => {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && before !== null) {
        const [from, to] = [Math.min(before, at), Math.max(before, at)];
        for (let index = from; index <= to; index += 1) boxes[index].checked = box.checked;
      }
      before = at;
      tell();
    });
  });
  all?.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = all.checked));
    tell();
  });
  bar?.querySelector("[data-bulk-clear]")?.addEventListener("click", () => {
    boxes.forEach((box) => (box.checked = false));
    tell();
    boxes[0]?.focus();
  });
  tell();
}

export function watchLists(root) {
  const tables = root.matches?.("table[data-list]") ? [root] : root.querySelectorAll("table[data-list]");
  tables.forEach((table) => {
    const first = table.querySelector("tbody tr");
    if (first && (table.querySelector("tr[data-href]") || table.querySelector("[data-pick]"))) first.tabIndex = 0;
    if (table.querySelector("[data-pick]")) picking(table);
  });
}
