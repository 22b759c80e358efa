// Keeps of Tabler's style sheet what our pages use: the base of plain elements, forms, buttons, tables and a few utilities.

const KEPT = [
  /^(btn|btn-check|form-(control|select|label|check|check-input|check-label|check-inline|switch|text)|form-control-plaintext|input-group|input-group-text)$/,
  /^(is-invalid|is-valid|was-validated|invalid-feedback|valid-feedback|table|table-responsive|active|disabled|show|visually-hidden|visually-hidden-focusable)$/,
  /^(d-(none|block|flex|grid|inline|inline-block|inline-flex)|flex-(row|column|wrap|nowrap|fill)|flex-(grow|shrink)-[01])$/,
  /^([mp][tbsexy]?-([0-5]|auto)|gap-[0-5]|w-100|h-100|text-(start|end|center|nowrap|truncate|break)|align-(items|self)-\w+|justify-content-\w+)$/,
];

const isKept = (name) => KEPT.some((pattern) => pattern.test(name));

/** Whether a selector names only classes that we keep (and no theme or direction switch). */
function selectorKept(selector) {
  if (/\[(data-bs-theme|data-theme|dir)/.test(selector)) return false;
  const classes = [...selector.matchAll(/\.(-?[A-Za-z_][\w-]*)/g)].map((match) => match[1]);
  return classes.every(isKept);
}

/** Splits a sheet into its top-level pieces: [prelude, body or null]. */
function* pieces(css) {
  let start = 0;
  for (let i = 0; i < css.length; i += 1) {
    if (css[i] === '"' || css[i] === "'") {
      i = css.indexOf(css[i], i + 1);
    } else if (css[i] === ";") {
      yield [css.slice(start, i).trim(), null];
      start = i + 1;
    } else if (css[i] === "{") {
      const prelude = css.slice(start, i).trim();
      let depth = 1;
      const open = i + 1;
      while (depth > 0) {
        i += 1;
        if (css[i] === '"' || css[i] === "'") i = css.indexOf(css[i], i + 1);
        else if (css[i] === "{") depth += 1;
        else if (css[i] === "}") depth -= 1;
      }
      yield [prelude, css.slice(open, i)];
      start = i + 1;
    }
  }
}

/** Splits a selector list at its commas, not at those inside :is(…) or [attr="a,b"]. */
function selectors(list) {
  const found = [""];
  let depth = 0;
  for (const character of list) {
    if ("([".includes(character)) depth += 1;
    if (")]".includes(character)) depth -= 1;
    if (character === "," && depth === 0) found.push("");
    else found[found.length - 1] += character;
  }
  return found;
}

/** The sheet without the rules that our pages never meet. Comments stay out, but for the licence. */
export function trimmed(css) {
  const licence = css.match(/\/\*![\s\S]*?\*\//)?.[0] ?? "";
  const kept = [];
  for (const [prelude, body] of pieces(css.replace(/\/\*[\s\S]*?\*\//g, ""))) {
    if (body === null) continue;
    if (/^@(media|supports|container)/.test(prelude)) {
      const inner = trimmed(body);
      if (inner) kept.push(`${prelude}{${inner}}`);
    } else if (!prelude.startsWith("@")) {
      const good = selectors(prelude).filter(selectorKept);
      if (good.length) kept.push(`${good.join(",")}{${body}}`);
    }
  }
  return (licence ? `${licence}\n` : "") + kept.join("\n");
}
