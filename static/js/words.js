// The words that scripts say, from the page's <template id="words"> (already in the reader's language).

/** The word of a name such as "draftSaved"; {n} and other names are filled in from `values`. */
export function word(name, values = {}) {
  const text = document.getElementById("words")?.dataset[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
