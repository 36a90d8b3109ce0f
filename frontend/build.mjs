// Builds everything the browser loads into src/hatchline/static/built/.
//
//   hatchline.css   Tabler (a lower cascade layer, unused rules removed) and our own sheets
//   hatchline.js    htmx and our small modules
//   charts.js       ECharts, tree-shaken; fetched only by pages that show a chart
//   mark.svg        the picture in the browser's tab
//   icons.svg       one sprite of the icons named in icons.txt and of those drawn in icons/
//
// A token written `light-dark(a, b)` in css/ becomes three plain rules, so that browsers without that
// function still get both themes, and paper always gets the light one.
import { build } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = join(root, "src/hatchline/static/built");
const icons = join(root, "node_modules/@tabler/icons/icons/outline");
const only = process.argv[2];

function filesUnder(folder, endings) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((name) => endings.some((ending) => name.endsWith(ending)));
}

function drawing(svg) {
  const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return body.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "").replace(/\s+/g, " ").trim();
}

function buildIcons() {
  const wanted = readFileSync(join(here, "icons.txt"), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  const symbols = wanted.map((name) => {
    const path = join(icons, `${name}.svg`);
    if (!existsSync(path)) throw new Error(`icons.txt names "${name}", which @tabler/icons does not have`);
    return [name, drawing(readFileSync(path, "utf8"))];
  });
  for (const path of filesUnder(join(here, "icons"), [".svg"])) {
    symbols.push([relative(join(here, "icons"), path).replace(".svg", ""), drawing(readFileSync(path, "utf8"))]);
  }
  const sprite = symbols.map(([name, body]) => `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`).join("\n");
  copyFileSync(join(here, "mark.svg"), join(out, "mark.svg"));
  writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${sprite}\n</svg>\n`);
}

// Turns `--ink: light-dark(#222, #eee);` into a light rule and two dark ones.
function splitThemes(css) {
  const dark = [];
  const pattern = /(--[\w-]+):\s*light-dark\(((?:[^,()]|\([^()]*\))+),\s*((?:[^()]|\([^()]*\))+)\);/g;
  const light = css.replace(/\/\*[\s\S]*?\*\//g, "").replace(pattern, (_, name, day, night) => {
    dark.push(`${name}: ${night.trim()};`);
    return `${name}: ${day.trim()};`;
  });
  if (light.includes("light-dark(")) throw new Error("tokens.css: a light-dark() value could not be split");
  const rules = `color-scheme: dark; ${dark.join(" ")}`;
  return `${light}
@media screen { :root[data-theme="dark"] { ${rules} } }
@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${rules} } }`;
}

const themes = {
  name: "themes",
  setup(bundle) {
    bundle.onLoad({ filter: /tokens\.css$/ }, ({ path }) => ({
      contents: splitThemes(readFileSync(path, "utf8")),
      loader: "css",
    }));
  },
};

async function buildStyles() {
  const result = await build({
    entryPoints: [join(here, "css/index.css")],
    bundle: true,
    write: false,
    plugins: [themes],
    target: ["chrome108", "firefox115", "safari16"],
    logLevel: "warning",
  });
  const pages = filesUnder(join(root, "src/hatchline"), [".jinja", ".html"]);
  const code = [...filesUnder(join(here, "js"), [".js"]), ...filesUnder(join(root, "src/hatchline/sites"), [".py"])];
  const [kept] = await new PurgeCSS().purge({
    content: [...pages, ...code],
    css: [{ raw: result.outputFiles[0].text }],
    variables: true,
    fontFace: true,
    safelist: {
      standard: ["html", "body", /^hl-/],
      deep: [/^hl-/],
      variables: [/^--(?!tblr-)/],
    },
    blocklist: [/data-bs-/],
  });
  const small = await build({
    stdin: { contents: kept.css, loader: "css" },
    write: false,
    minify: true,
    logLevel: "warning",
  });
  writeFileSync(join(out, "hatchline.css"), small.outputFiles[0].text);
}

async function buildScripts() {
  await build({
    entryPoints: { hatchline: join(here, "js/hatchline.js"), charts: join(here, "js/charts.js") },
    bundle: true,
    outdir: out,
    format: "esm",
    minify: true,
    legalComments: "none",
    target: ["chrome108", "firefox115", "safari16"],
    logLevel: "warning",
  });
}

if (!only) rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
if (!only || only === "icons") buildIcons();
if (!only || only === "css") await buildStyles();
if (!only || only === "js") await buildScripts();
for (const name of readdirSync(out).sort()) {
  const bytes = readFileSync(join(out, name));
  console.log(`${name.padEnd(16)} ${String(bytes.length).padStart(9)} bytes ${String(gzipSync(bytes).length).padStart(8)} gzipped`);
}
