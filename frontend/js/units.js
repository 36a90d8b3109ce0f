// A form in which sums are given in a unit one chooses. What is on record is shown in the unit chosen; what somebody
// typed is theirs and stays as it was typed.
export function watchUnits(root) {
  for (const field of root.querySelectorAll("[data-in-unit]")) {
    const units = [...(field.form?.elements.unit ?? [])];
    const before = units.find((each) => each.defaultChecked);
    if (!before || field.defaultValue === "") continue;
    const yuan = Number(field.defaultValue) * Number(before.value);
    let shown = field.defaultValue;
    for (const each of units) {
      each.addEventListener("change", () => {
        if (!each.checked || field.value !== shown) return;
        field.value = shown = String(Number((yuan / Number(each.value)).toFixed(4)));
      });
    }
  }
}
