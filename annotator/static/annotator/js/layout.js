// How somebody likes the screen: size of the text, width and side of the panel. Kept in this browser.

const KEPT_AS = "annotator.layout";

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS)) ?? {};
  } catch {
    return {};
  }
}

/** The selects [data-layout] of the list of keys, each an attribute of the page by which the style sheet goes. */
export function layOut() {
  const chosen = kept();
  for (const select of document.querySelectorAll("select[data-layout]")) {
    const { layout } = select.dataset;
    if ([...select.options].some((option) => option.value === chosen[layout])) select.value = chosen[layout];
    document.body.dataset[layout] = select.value;
    select.addEventListener("change", () => {
      document.body.dataset[layout] = chosen[layout] = select.value;
      try {
        localStorage.setItem(KEPT_AS, JSON.stringify(chosen));
      } catch {
        // A browser that keeps nothing lays this page out, and no other.
      }
    });
  }
}
