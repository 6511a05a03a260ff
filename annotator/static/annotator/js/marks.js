// A sentence with everything that is said of it: marks in its text, answers in its margin, attributions below.

import { listOf } from "./question.js";
import { place } from "./unit.js";
import { voiceOf } from "./voice.js";

const LINES = { source: "src", cue: "cue", content: "said" };
const DEPTH = { picked: 0, hint: 1, frame: 2, cue: 3, src: 4, said: 5 };

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

/** All marks of a unit; in the one in hand also the hints, but where a mark is already, and the stretch under the pen. */
function drawMarks(panel, unit, { pen, hints = [] }) {
  const marks = panel.book.questions.filter((q) => q.marks && q.scope === unit.scope).flatMap((q) => marksOf(panel, q, unit));
  const isMarked = (hint) => marks.some((mark) => mark.from === hint.from && mark.to === hint.to);
  marks.push(...hints.filter((hint) => !isMarked(hint)));
  if (pen?.range) marks.push({ ...pen.range, kind: "picked", colour: "" });
  draw(unit, marks);
}

function marksOf(panel, question, unit) {
  const given = listOf(unit.values[question.variable]);
  const role = (key) => question.name(key).toLowerCase();
  if (question.part) {
    const source = panel.book.question(question.variable, "source");
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
  const [headline, detail, hue] = panel.wording.margin(unit);
  const margin = unit.element.querySelector(".answers");
  margin.className = `answers ${hue}`.trim();
  const head = document.createElement("b");
  head.append(Object.assign(document.createElement("bdi"), { textContent: headline }));
  const rest = Object.assign(document.createElement("bdi"), { textContent: detail });
  margin.replaceChildren(...(headline ? [head, rest] : []), ...(panel.book.waits(unit) ? [wait(panel)] : []));
}

/** Beside the answers of a unit: the flag, and that there are notes. */
export function drawSigns(unit, notes) {
  if (!unit.scope) return;
  const margin = unit.element.querySelector(".answers");
  for (const old of margin.querySelectorAll(".sign")) old.remove();
  const signs = [...(notes.isFlagged(unit) ? ["flag"] : []), ...(notes.count(unit) ? ["note"] : [])];
  for (const name of signs) margin.append(document.getElementById(`sign-${name}`).content.cloneNode(true));
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
  place.querySelector("b").textContent = value === undefined ? "" : panel.wording.inWords(question.variable, value);
  const had = document.getElementById(`had-${unit.id}-${question.variable}`);
  place.querySelector("ul").replaceChildren(...(had ? [had.content.cloneNode(true)] : []));
}

function plainLine(kind) {
  const row = Object.assign(document.createElement("p"), { className: `voice ${kind}` });
  const add = (tag, text, className = "") => text && row.append(Object.assign(document.createElement(tag), { textContent: text, className }));
  return [row, add];
}

/** The attributions of a sentence as plain lines: who, by which word, what; one inside another's words after it. */
function attributions(panel, unit) {
  const { source } = panel.book;
  const items = panel.book.items(unit);
  return items.map((item) => {
    const words = (role) => item.spans.filter((span) => span.role === role).map((span) => span.quote).join(" … ");
    const manner = panel.book.question(source.variable, "manner")?.name(item.manner);
    const [row, add] = plainLine(source.colour(item.source));
    if (items.some((other) => isInside(item, other))) add("span", "↳", "to");
    add("b", source.name(item.source));
    add("span", item.same_as !== undefined && panel.words.sameAs.replace("#", panel.sentenceAt(item.same_as)), "to");
    add("bdi", words("cue"));
    add("span", words("content") && "→", "to");
    add("bdi", words("content"), "content");
    add("span", manner && "·", "to");
    add("span", manner);
    return row;
  });
}

/** Whether an attribution stands in the content of another: its cue does. */
function isInside(item, other) {
  const pieces = (of, role) => of.spans.filter((span) => span.role === role);
  const holds = (outer, inner) => outer.start <= inner.start && inner.end <= outer.end;
  return item !== other && pieces(item, "cue").some((cue) => pieces(other, "content").some((content) => holds(content, cue)));
}

/** In whose voice each framing span stands. */
function voices(panel, unit) {
  const marks = panel.book.questions.filter((q) => q.marks && !q.part && !q.rules.joins && q.scope === unit.scope);
  const contents = contentsOf(panel, unit);
  return marks.flatMap((question) => listOf(unit.values[question.variable]).map((span) => {
    const [row, add] = plainLine(question.colour(span.value));
    add("bdi", span.quote);
    add("span", "·", "to");
    add("span", panel.words[voiceOf(place(unit, span, {}), unit.text, contents)]);
    return row;
  }));
}

/** The content spans of a sentence's attributions, however the codebook asks for these. */
function contentsOf(panel, unit) {
  const joined = panel.book.questions.filter((q) => q.rules.joins && q.scope === unit.scope);
  const spans = [...panel.book.items(unit).flatMap((item) => item.spans), ...joined.flatMap((q) => listOf(unit.values[q.variable]))];
  return spans.filter((span) => (span.role ?? span.value) === "content").map((span) => place(unit, span, {}));
}

/** A sentence with everything said of it; the one in hand, `here` {pen, hints}, also in plain lines below. */
export function drawSentence(panel, unit, here) {
  const { element } = unit;
  drawMarks(panel, unit, here || {});
  drawMargin(panel, unit);
  element.classList.toggle("here", Boolean(here));
  element.classList.toggle("marking", Boolean(here?.pen));
  if (here) element.setAttribute("aria-current", "true");
  else element.removeAttribute("aria-current");
  for (const old of element.querySelectorAll(".voice")) old.remove();
  if (here) element.append(...attributions(panel, unit), ...voices(panel, unit));
}
