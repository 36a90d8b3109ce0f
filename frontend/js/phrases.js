// The words of the page's language, given by the page itself.
const node = document.getElementById("phrases");
const words = node ? JSON.parse(node.textContent) : {};

export function phrase(name) {
  return words[name] ?? name;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "hl-icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.documentElement.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}
