// The pen on one sentence, and what mouse and touch point at in it.

const SYMBOL = /[\p{L}\p{N}\p{S}]/u;

/** What the pen stops at: words (any script), or single characters as a reader sees them. */
function penStops(text, language, snap) {
  const granularity = snap === "character" ? "grapheme" : "word";
  const segments = new Intl.Segmenter(language || undefined, { granularity }).segment(text);
  return [...segments]
    .filter((part) => (granularity === "grapheme" ? part.segment.trim() : part.isWordLike || SYMBOL.test(part.segment)))
    .map((part) => ({ from: part.index, to: part.index + part.segment.length }));
}

/** The browser's own selection inside a unit's text, or null. A selection that runs on is cut at the unit's end. */
export function selected(unit) {
  const selection = getSelection();
  if (!unit.textElement || !selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!unit.textElement.contains(range.startContainer)) return null;
  const before = document.createRange();
  before.setStart(unit.textElement, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const from = before.toString().length;
  const to = Math.min(from + range.toString().length, unit.text.length);
  return to > from ? { from, to } : null;
}

/** The offset in the unit's text under a point of the screen, or null. */
export function offsetAt(unit, x, y) {
  const caret = document.caretPositionFromPoint?.(x, y);
  const old = caret ? null : document.caretRangeFromPoint?.(x, y);
  const [node, offset] = caret ? [caret.offsetNode, caret.offset] : [old?.startContainer, old?.startOffset];
  if (!node || !unit.textElement?.contains(node)) return null;
  const before = document.createRange();
  before.setStart(unit.textElement, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

/** The pen on one sentence: a run of words between `anchor` and `head`, moved by keys, mouse or touch. */
export class Pen {
  constructor(unit, language, snap) {
    this.stops = penStops(unit.text, language, snap);
    this.anchor = this.head = 0;
    this.used = true;
    this.moved = false;
  }

  get range() {
    if (!this.stops.length) return null;
    const [first, last] = [Math.min(this.anchor, this.head), Math.max(this.anchor, this.head)];
    return { from: this.stops[first].from, to: this.stops[last].to };
  }

  move(step, extend) {
    this.#to(this.head + step, extend);
  }

  edge(last, extend) {
    this.#to(last ? this.stops.length - 1 : 0, extend);
  }

  /** Take up a stretch from mouse or touch, widened to whole stops. */
  take({ from, to }) {
    const touched = this.stops.map((stop, number) => (stop.from < to && stop.to > from ? number : -1));
    const numbers = touched.filter((number) => number >= 0);
    if (!numbers.length) return false;
    this.anchor = numbers[0];
    this.head = numbers.at(-1);
    return true;
  }

  /** Whole stops within a stretch, or null: no word is cut, and no mark at its edges comes along. */
  within({ from, to }) {
    const inside = this.stops.filter((stop) => from <= stop.from && stop.to <= to);
    return inside.length ? { from: inside[0].from, to: inside.at(-1).to } : null;
  }

  /** A tap: the word under it; with `extend`, a second one takes all words up to it, until they are marked (`used`). */
  tap(offset, extend) {
    const number = this.stops.findIndex((stop) => stop.from <= offset && offset <= stop.to);
    if (number >= 0) this.#to(number, extend && !this.used && number !== this.head);
    this.used = false;
  }

  #to(number, extend) {
    this.moved = true;
    this.head = Math.max(0, Math.min(number, this.stops.length - 1));
    if (!extend) this.anchor = this.head;
  }
}
