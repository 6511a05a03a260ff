// Words and marks in one sentence. The page counts UTF-16 units, the server code points; the change is made here.

const LINES = { source: "src", cue: "cue", content: "said" };
const DEPTH = { picked: 0, frame: 1, cue: 2, src: 3, said: 4 };
const SYMBOL = /[\p{L}\p{N}\p{S}]/u;

export const toPoints = (text, units) => [...text.slice(0, units)].length;
export const toUnits = (text, points) => [...text].slice(0, points).join("").length;

/** A unit of the reading column: its text, and its answers as they stand. */
export class Unit {
  constructor(element, outbox) {
    Object.assign(this, { element, outbox });
    this.id = Number(element.dataset.unit);
    this.index = Number(element.id.slice(1));
    this.start = Number(element.dataset.start);
    this.scope = element.dataset.scope ?? "";
    this.textElement = element.querySelector(".text");
    this.text = this.textElement?.textContent ?? "";
    this.read();
  }

  /** Take the labels from the server's markup and lay what still waits in the outbox over them. */
  read() {
    this.labels = JSON.parse(this.element.querySelector(".answers").dataset.labels ?? "{}");
    this.values = {};
    for (const [variable, [value]] of Object.entries(this.labels)) this.#set(variable, value);
    const chosen = this.outbox.of(this.id);
    for (const entry of chosen) this.#set(entry.variable, entry.value);
    // What a mended boundary brought along waits until its annotator chooses.
    const came = Object.keys(this.labels).filter((variable) => this.labels[variable][2]);
    this.waiting = new Set(came.filter((variable) => chosen.every((entry) => entry.variable !== variable)));
  }

  /** The answers without those that wait to be confirmed. */
  get confirmed() {
    return Object.fromEntries(Object.entries(this.values).filter(([variable]) => !this.waiting.has(variable)));
  }

  /** Take over what the server holds instead of our answer. */
  adopt(variable, value, version) {
    this.labels[variable] = [value, version];
    this.element.querySelector(".answers").dataset.labels = JSON.stringify(this.labels);
  }

  #set(variable, value) {
    if (value === null) delete this.values[variable];
    else this.values[variable] = value;
  }
}

/** What the pen stops at: words (any script), or single characters as a reader sees them. */
function stops(text, language, snap) {
  const granularity = snap === "character" ? "grapheme" : "word";
  const segments = new Intl.Segmenter(language || undefined, { granularity }).segment(text);
  return [...segments]
    .filter((part) => (granularity === "grapheme" ? part.segment.trim() : part.isWordLike || SYMBOL.test(part.segment)))
    .map((part) => ({ from: part.index, to: part.index + part.segment.length }));
}

/** A span of the server's (code points of the text version) as a mark of the unit's element. */
function place(unit, span, mark) {
  return {
    ...mark,
    from: toUnits(unit.text, span.start - unit.start),
    to: toUnits(unit.text, span.end - unit.start),
  };
}

/** The stretch from..to of the unit (UTF-16) as the server counts it, with its quote. */
function spanOf(unit, { from, to }) {
  return {
    start: unit.start + toPoints(unit.text, from),
    end: unit.start + toPoints(unit.text, to),
    quote: unit.text.slice(from, to),
  };
}

const line = (role) => LINES[role] ?? "";

/**
 * Draw marks {from, to, kind, colour, role?, key?} into the element. Overlaps are cut into pieces, each wrapped once for
 * every mark that covers it; the element's text stays the unit's, to the character.
 */
function draw(unit, marks) {
  const signature = JSON.stringify(marks);
  if (!unit.textElement || unit.drawn === signature) return;
  unit.drawn = signature;
  const cuts = [...new Set([0, unit.text.length, ...marks.flatMap((mark) => [mark.from, mark.to])])];
  cuts.sort((a, b) => a - b);
  const inside = [...marks].sort((a, b) => DEPTH[a.kind] - DEPTH[b.kind] || a.to - a.from - (b.to - b.from));
  const pieces = [];
  for (let number = 0; number + 1 < cuts.length; number++) {
    pieces.push(piece(unit.text, cuts[number], cuts[number + 1], inside));
  }
  unit.textElement.replaceChildren(...pieces);
}

function piece(text, from, to, marks) {
  let node = document.createTextNode(text.slice(from, to));
  for (const mark of marks) {
    if (mark.from > from || mark.to < to) continue;
    const wrap = document.createElement(mark.kind === "frame" ? "mark" : "span");
    wrap.className = `${mark.kind} ${mark.colour}`.trim();
    if (mark.role && mark.from === from) wrap.dataset.role = mark.role;
    if (mark.key && mark.to === to) wrap.dataset.key = mark.key;
    wrap.append(node);
    node = wrap;
  }
  return node;
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
    this.stops = stops(unit.text, language, snap);
    this.anchor = this.head = 0;
    this.used = true;
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

  /** A tap: the word under it; with `extend`, a second one takes all words up to it, until they are marked (`used`). */
  tap(offset, extend) {
    const number = this.stops.findIndex((stop) => stop.from <= offset && offset <= stop.to);
    if (number >= 0) this.#to(number, extend && !this.used && number !== this.head);
    this.used = false;
  }

  #to(number, extend) {
    this.head = Math.max(0, Math.min(number, this.stops.length - 1));
    if (!extend) this.anchor = this.head;
  }
}

/** All marks of a unit, and the stretch under the pen. */
function drawMarks(panel, unit, pen) {
  const marks = panel.questions.filter((q) => q.marks && q.scope === unit.scope).flatMap((q) => marksOf(panel, q, unit));
  if (pen?.range) marks.push({ ...pen.range, kind: "picked", colour: "" });
  draw(unit, marks);
}

function marksOf(panel, question, unit) {
  const given = unit.values[question.variable] ?? [];
  const role = (key) => question.name(key).toLowerCase();
  if (question.part) {
    const source = panel.question(question.variable, "source");
    return given.flatMap((item) =>
      item.spans.map((span) =>
        place(unit, span, { kind: line(span.role), colour: source.colour(item.source), role: role(span.role) }),
      ),
    );
  }
  return given.map((span) => {
    const colour = question.colour(span.value);
    if (question.rules.joins && line(span.value)) return place(unit, span, { kind: line(span.value), colour, role: role(span.value) });
    return place(unit, span, { kind: "frame", colour, key: question.option(span.value)?.dataset.key });
  });
}

/** The answers in the margin, as the server writes them. */
function drawMargin(panel, unit) {
  if (!unit.scope) return;
  const [headline, detail, hue] = panel.margin(unit);
  const margin = unit.element.querySelector(".answers");
  margin.className = `answers ${hue}`.trim();
  const head = document.createElement("b");
  head.append(Object.assign(document.createElement("bdi"), { textContent: headline }));
  const rest = Object.assign(document.createElement("bdi"), { textContent: detail });
  margin.replaceChildren(...(headline ? [head, rest] : []), ...(panel.waits(unit) ? [wait(panel)] : []));
}

const wait = (panel) => Object.assign(document.createElement("i"), { className: "wait", textContent: panel.words.toConfirm });

/** What the panel says of an answer that came along when a boundary was mended: keep it, or answer again. */
export function drawWaiting(panel, unit, question) {
  const place = document.getElementById("waiting");
  const waits = Boolean(question) && unit.waiting.has(question.variable);
  place.hidden = !waits;
  if (!waits) return;
  const value = unit.values[question.variable];
  for (const part of place.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "kept") !== (value !== undefined);
  place.querySelector("b").textContent = value === undefined ? "" : panel.inWords(question.variable, value);
  const had = document.getElementById(`had-${unit.id}-${question.variable}`);
  place.querySelector("ul").replaceChildren(...(had ? [had.content.cloneNode(true)] : []));
}

/** The attributions of a sentence as plain lines: who, by which word, what. */
function voice(panel, unit) {
  const source = panel.questions.find((question) => question.part === "source" && question.scope === unit.scope);
  return ((source && unit.values[source.variable]) || []).map((item) => {
    const words = (role) => item.spans.filter((span) => span.role === role).map((span) => span.quote).join(" … ");
    const manner = panel.question(source.variable, "manner")?.name(item.manner);
    const row = document.createElement("p");
    row.className = `voice ${source.colour(item.source)}`;
    const add = (tag, text, kind = "") => text && row.append(Object.assign(document.createElement(tag), { textContent: text, className: kind }));
    add("b", source.name(item.source));
    add("bdi", words("cue"));
    add("span", words("content") && "→", "to");
    add("bdi", words("content"), "content");
    add("span", manner && "·", "to");
    add("span", manner);
    return row;
  });
}

/** A sentence with everything said of it; the one in hand (`here`) also in plain lines below. */
export function drawSentence(panel, unit, here, pen) {
  const { element } = unit;
  drawMarks(panel, unit, pen);
  drawMargin(panel, unit);
  element.classList.toggle("here", here);
  element.classList.toggle("marking", Boolean(pen));
  if (here) element.setAttribute("aria-current", "true");
  else element.removeAttribute("aria-current");
  for (const old of element.querySelectorAll(".voice")) old.remove();
  if (here) element.append(...voice(panel, unit));
}

/** Marking with the pen: what a key does to the words under it, and the list of marks in the panel. */
export class Marking {
  constructor(screen) {
    this.screen = screen;
  }

  get #spans() {
    const { panel, state } = this.screen;
    return structuredClone(panel.answer(state.open, state.unit, state.item) ?? []);
  }

  #put(spans) {
    const { state, choose, redraw } = this.screen;
    const { variable, part } = state.open;
    if (part) {
      const items = structuredClone(state.unit.values[variable]);
      items[state.item].spans = spans;
      choose(variable, items);
    } else choose(variable, spans.length ? spans : null);
    redraw();
  }

  mark(option) {
    const { panel } = this.screen;
    const { open, unit, pen } = this.screen.state;
    if (!pen?.range) return panel.say(panel.words.nothingPicked);
    pen.used = true;
    const { value } = option.dataset;
    const span = { ...spanOf(unit, pen.range), [open.part ? "role" : "value"]: value };
    const spans = this.#spans.filter((other) => {
      if (open.rules.overlap === "none") return other.end <= span.start || span.end <= other.start;
      return other.start !== span.start || other.end !== span.end || (other.value ?? other.role) !== value;
    });
    if (open.rules.joins) span.relation = this.#relation(spans, value === open.rules.joins);
    return this.#put([...spans, span].sort((a, b) => a.start - b.start || a.end - b.end));
  }

  /** The name that joins the spans of one statement; a second cue begins the next statement. */
  #relation(spans, begins) {
    const { state } = this.screen;
    const taken = spans.map((span) => span.relation);
    state.relation ||= taken.at(-1) ?? "a1";
    const hasCue = spans.some((span) => span.relation === state.relation && span.value === state.open.rules.joins);
    for (let number = 1; begins && hasCue && taken.includes(state.relation); number++) state.relation = `a${number}`;
    return state.relation;
  }

  /** Take away the mark at a place of the list, or those under the pen. */
  unmark(number) {
    const { unit, pen } = this.screen.state;
    const under = pen?.range ? spanOf(unit, pen.range) : { start: 0, end: 0 };
    const spans = this.#spans;
    const goes = (span, at) => (number === undefined ? span.start < under.end && under.start < span.end : at === number);
    const left = spans.filter((span, at) => !goes(span, at));
    if (left.length < spans.length) this.#put(left);
  }

  setAttribute(select) {
    const spans = this.#spans;
    const span = spans[Number(select.dataset.span)];
    const { attribute, kind } = select.dataset;
    const chosen = [...select.selectedOptions].map((option) => option.value).filter(Boolean);
    const { [attribute]: _, ...others } = span.attributes ?? {};
    const value = kind === "multi" ? chosen : kind === "bool" ? chosen[0] === "true" : chosen[0];
    span.attributes = chosen.length ? { ...others, [attribute]: value } : others;
    this.#put(spans);
  }

  /** The list of marks: real elements, so that every mark can be read out, changed and removed. */
  draw() {
    const { open } = this.screen.state;
    const { pen, unit } = this.screen.state;
    const shown = open.field.querySelector(".selected");
    shown.hidden = !pen?.range;
    if (pen?.range) shown.querySelector("q").textContent = unit.text.slice(pen.range.from, pen.range.to);
    const rows = this.#spans.map((span, number) => this.#row(open, span, number));
    const list = open.field.querySelector(".marks");
    if (!list.contains(document.activeElement)) list.replaceChildren(...rows);
    list.previousElementSibling.hidden = !rows.length;
  }

  #row(question, span, number) {
    const value = span.value ?? span.role;
    const row = document.createElement("li");
    const add = (tag, properties) => row.append(Object.assign(document.createElement(tag), properties));
    add("span", { className: "step", textContent: span.relation ?? number + 1 });
    add("q", { textContent: span.quote, dir: "auto" });
    add("b", { className: `c ${question.colour(value)}`, textContent: question.name(value) });
    add("button", { type: "button", className: "btn quiet", textContent: this.screen.panel.words.removal });
    row.lastElementChild.dataset.remove = number;
    for (const template of question.field.querySelectorAll("template.attribute")) {
      row.append(this.#attribute(template, span, number));
    }
    return row;
  }

  #attribute(template, span, number) {
    const { attribute, kind } = template.dataset;
    const label = template.content.firstElementChild.cloneNode(true);
    const select = label.querySelector("select");
    Object.assign(select.dataset, { attribute, kind, span: number });
    const given = [span.attributes?.[attribute] ?? ""].flat().map(String);
    for (const option of select.options) option.selected = given.includes(option.value);
    return label;
  }
}
