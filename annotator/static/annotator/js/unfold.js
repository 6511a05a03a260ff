// A long article opens around the sentence in hand; its other rows are drawn as the browser finds time.

const AROUND = 60;
const AT_ONCE = 100;
const later = window.requestIdleCallback ?? ((work) => setTimeout(work, 20));

const isFolded = (row) => !row.matches(".near") && row.parentElement?.matches(".long");

/** Draw the row and those around it, where they are not yet. */
export function unfoldAround(row) {
  if (!isFolded(row)) return;
  const rows = [...row.parentElement.children];
  const at = rows.indexOf(row);
  for (const one of rows.slice(Math.max(0, at - AROUND), at + AROUND)) one.classList.add("near");
}

/** Draw the rest, some rows at a time; what is read meanwhile stays where it is. */
export function unfoldRest(column, scroller) {
  const folded = column.querySelectorAll(":scope > :not(.near)");
  if (!column.matches(".long") || !folded.length) return column.classList.remove("long");
  const { left, top, width, height } = scroller.getBoundingClientRect();
  const read = document.elementFromPoint(left + width / 2, top + height / 2)?.closest(".unit");
  const before = read?.getBoundingClientRect().top;
  for (const row of [...folded].slice(0, AT_ONCE)) row.classList.add("near");
  if (read) scroller.scrollTop += read.getBoundingClientRect().top - before;
  later(() => unfoldRest(column, scroller), { timeout: 200 });
}
