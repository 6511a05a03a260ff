// Rows are put in order by their grips: mouse, pen or finger. The row itself moves, so that what is seen is what comes out.
// The markup: [data-list] around rows of [data-at], each with a .grip. The buttons beside them do the same by keyboard.

const rowsOf = (list) => [...list.querySelectorAll("[data-at]")].filter((row) => row.closest("[data-list]") === list);

const EDGE = 40;
const SPEED = 10;

function middle(row) {
  const { top, bottom } = row.getBoundingClientRect();
  return (top + bottom) / 2;
}

/** One step towards the pointer; false where the row is there. */
function step(list, row, y) {
  const rows = rowsOf(list);
  const at = rows.indexOf(row);
  if (at < rows.length - 1 && y > middle(rows[at + 1])) rows[at + 1].after(row);
  else if (at > 0 && y < middle(rows[at - 1])) rows[at - 1].before(row);
  else return false;
  return true;
}

/** Where a row stands now, in the words of the server: after or before the row beside it. */
function place(row) {
  const before = row.previousElementSibling;
  return before ? `after ${before.dataset.at}` : `before ${row.nextElementSibling.dataset.at}`;
}

/** The nearest box around a list that scrolls. */
function scrollerOf(list) {
  for (let box = list; box; box = box.parentElement)
    if (box.scrollHeight > box.clientHeight && getComputedStyle(box).overflowY === "auto") return box;
  return document.scrollingElement;
}

/** How far a pointer at this height scrolls the box in a moment: at its edges, and at those of the window. */
function pull(box, y) {
  const { top, bottom } = box.getBoundingClientRect();
  if (y < Math.max(top, 0) + EDGE) return -SPEED;
  return y > Math.min(bottom, innerHeight) - EDGE ? SPEED : 0;
}

/** `dropped(list, act, putBack)` is called when a row was let go in another place. */
export function letDrag(dropped) {
  document.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(".grip")?.closest("[data-at]");
    if (row && event.button === 0) drag(event, row, row.closest("[data-list]"), dropped);
  });
}

function drag(event, row, list, dropped) {
  const [parent, next] = [row.parentElement, row.nextElementSibling];
  const putBack = () => parent.insertBefore(row, next);
  const ended = new AbortController();
  const { signal } = ended;
  const end = () => {
    row.classList.remove("lifted");
    ended.abort();
  };
  const cancel = () => {
    end();
    putBack();
  };
  event.preventDefault();
  // The list gets the pointer, for a row that moves in the document would lose it.
  list.setPointerCapture(event.pointerId);
  row.classList.add("lifted");
  const scroller = scrollerOf(list);
  let y = event.clientY;
  const move = () => {
    if (signal.aborted) return;
    while (step(list, row, y));
    scroller.scrollBy({ top: pull(scroller, y), behavior: "instant" });
    requestAnimationFrame(move);
  };
  const drop = (last) => {
    while (step(list, row, last.clientY));
    end();
    if (row.parentElement === parent && row.nextElementSibling === next) return;
    dropped(list, `move ${list.dataset.list} ${row.dataset.at} ${place(row)}`, putBack);
  };
  list.addEventListener("pointermove", (moved) => (y = moved.clientY), { signal });
  list.addEventListener("pointerup", drop, { signal });
  list.addEventListener("pointercancel", cancel, { signal });
  addEventListener("keydown", (pressed) => pressed.key === "Escape" && cancel(), { signal });
  move();
}
