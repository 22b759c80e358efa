// Copies what the browser needs from node_modules to static/vendor (which git ignores): a trimmed Tabler, htmx, ECharts, one icon sprite;
// and the fonts for paper to vendor/fonts, from where nothing is served.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { trimmed } from "./trim_css.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const target = join(root, "static", "vendor");

const read = (...parts) => readFileSync(join(...parts), "utf8");
// A map that is not shipped would only be asked for in vain.
const withoutMap = (text) => text.replace(/(\/\*|\/\/)# sourceMappingURL=\S+( \*\/)?\s*$/, "");

/** One <symbol> from an icon file: its drawing without the file's own frame. */
function symbol(name) {
  const solid = name.startsWith("filled/");
  const file = join(modules, "@tabler/icons/icons", solid ? `${name}.svg` : `outline/${name}.svg`);
  if (!existsSync(file)) throw new Error(`tools/icons.txt names an icon that does not exist: ${name}`);
  const drawing = readFileSync(file, "utf8")
    .replace(/<svg[^>]*>|<\/svg>|<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>|<!--[\s\S]*?-->/g, "")
    .replace(/\s+/g, " ")
    .trim();
  const paint = solid ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${solid ? `${name.slice(7)}-filled` : name}" viewBox="0 0 24 24" ${paint}>${drawing}</symbol>`;
}

function sprite() {
  const names = read(root, "tools", "icons.txt").split("\n").filter((line) => !line.startsWith("#")).join(" ").split(/\s+/).filter(Boolean);
  return `<svg xmlns="http://www.w3.org/2000/svg">${[...new Set(names)].map(symbol).join("\n")}</svg>\n`;
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const tabler = read(modules, "@tabler/core/dist/css/tabler.min.css");
writeFileSync(join(target, "tabler.css"), trimmed(withoutMap(tabler)));
writeFileSync(join(target, "htmx.js"), withoutMap(read(modules, "htmx.org/dist/htmx.min.js")));
writeFileSync(join(target, "echarts.js"), withoutMap(read(modules, "echarts/dist/echarts.common.min.js")));
writeFileSync(join(target, "icons.svg"), sprite());
const licences = { tabler: "@tabler/core/README.md", icons: "@tabler/icons/LICENSE", echarts: "echarts/LICENSE", echarts_notice: "echarts/NOTICE", htmx: "htmx.org/LICENSE" };
for (const [name, file] of Object.entries(licences)) {
  if (name !== "tabler" && existsSync(join(modules, file))) copyFileSync(join(modules, file), join(target, `${name}.LICENSE.txt`));
}

const fonts = join(root, "vendor", "fonts");
const noto = join(modules, "@expo-google-fonts/noto-sans-sc");
mkdirSync(fonts, { recursive: true });
for (const cut of ["400Regular", "700Bold"]) copyFileSync(join(noto, cut, `NotoSansSC_${cut}.ttf`), join(fonts, `NotoSansSC-${cut}.ttf`));
copyFileSync(join(noto, "LICENSE_FONT"), join(fonts, "LICENSE_FONT"));
