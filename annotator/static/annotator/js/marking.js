// What a key does to the words under the pen, and the list of marks in the panel.

import { listOf } from "./question.js";
import { spanOf } from "./unit.js";
import { partsAround } from "./voice.js";

/** The option that marks all parts of an attribution at once. */
const ALL = "all";

const inOrder = (spans) => spans.sort((a, b) => a.start - b.start || a.end - b.end);

export class Marking {
  constructor(screen) {
    this.screen = screen;
  }

  get #spans() {
    const { panel, state } = this.screen;
    return structuredClone(listOf(panel.book.answer(state.open, state.unit, state.item)));
  }

  #put(spans) {
    const { state, answering } = this.screen;
    const { variable, part } = state.open;
    if (part) {
      const items = structuredClone(state.unit.values[variable]);
      items[state.item].spans = spans;
      answering.choose(variable, items);
    } else answering.choose(variable, spans.length ? spans : null);
    this.screen.redraw();
  }

  /** Mark the words under the pen; `instead`: in place of the marks under it, whose further answers it takes over. */
  mark(option, instead) {
    const { panel } = this.screen;
    const { open, unit, pen } = this.screen.state;
    if (!pen?.range) return panel.say(panel.words.nothingPicked);
    pen.used = true;
    const { value } = option.dataset;
    if (value === ALL) return this.#markAll();
    const span = { ...spanOf(unit, pen.range), [open.part ? "role" : "value"]: value };
    const apart = (other) => other.end <= span.start || span.end <= other.start;
    const replaced = instead ? this.#spans.find((other) => !apart(other)) : null;
    const spans = this.#spans.filter((other) => {
      if (instead || open.rules.overlap === "none") return apart(other);
      return other.start !== span.start || other.end !== span.end || (other.value ?? other.role) !== value;
    });
    if (replaced?.attributes) span.attributes = replaced.attributes;
    if (open.rules.joins) span.relation = replaced?.relation ?? this.#relation(spans, value === open.rules.joins);
    return this.#put(inOrder([...spans, span]));
  }

  /** Source, cue and content in one go, told by the place of the cue. */
  #markAll() {
    const { state, hints } = this.screen;
    const { unit, pen, item } = state;
    const parts = partsAround(unit.text, hints.cueAt(pen.range));
    const { source } = this.screen.book.items(unit)[item];
    parts.source = hints.aliasIn(parts.source, source) ?? parts.source;
    const found = Object.entries(parts).map(([role, part]) => [role, pen.within(part)]);
    const spans = found.filter(([, part]) => part).map(([role, part]) => ({ ...spanOf(unit, part), role }));
    this.#put(inOrder(spans));
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
    if (left.length === spans.length) return;
    this.#put(left);
    if (number !== undefined) this.screen.focusPanel();
  }

  /** To what is asked of the mark under the pen. */
  toAttributes() {
    const { open, pen, unit } = this.screen.state;
    const under = pen.range ? spanOf(unit, pen.range) : { start: 0, end: 0 };
    const number = this.#spans.findIndex((span) => span.start < under.end && under.start < span.end);
    open.field.querySelector(`.marks [data-span="${number}"]`)?.focus();
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
    if (!list.contains(document.activeElement) || !document.activeElement.matches("select")) list.replaceChildren(...rows);
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
