// The panel beside the article: the questions as they stand, the rule of the value in focus, and what the tool has to say.

import { Book } from "./book.js";
import { isCannotTell } from "./question.js";
import { Wording } from "./wording.js";

export class Panel {
  constructor(element) {
    this.element = element;
    this.words = element.dataset;
    this.closed = "closed" in element.dataset;
    this.book = new Book(element.querySelectorAll(".ask"));
    this.wording = new Wording(this.book, this.words);
    this.form = element.querySelector("#questions");
    this.rule = element.querySelector("#rule");
    this.keysTyped = element.querySelector("#typed");
  }

  /** Show the unit's questions with `open` opened. `state` is {item, at, message}. */
  draw(unit, open, { item = 0, at = null } = {}) {
    const asked = this.book.asked(unit, item);
    const flow = this.book.flow(unit, item);
    for (const question of this.book.questions) {
      question.element.hidden = !asked.includes(question);
      if (asked.includes(question)) this.#drawRow(question, unit, item, flow, question === open);
    }
    const optional = this.element.querySelector("#optional");
    if (optional) optional.hidden = new Set(asked.map((question) => question.required)).size < 2;
    if (open) {
      this.element.querySelector("#asking-title").textContent = open.rules.group;
      this.#drawOpen(open, unit, item, flow);
    }
    this.#drawTyped(unit, flow, open, item);
    this.showRule(at, open);
  }

  #drawRow(question, unit, item, flow, isOpen) {
    const value = this.book.answer(question, unit, item);
    const [text, hue] = this.wording.describe(question, value);
    const done = !this.book.isOpen(question, unit, item);
    const waits = unit.waiting.has(question.variable) && (Boolean(text) || !question.before);
    const { row } = question;
    row.hidden = isOpen;
    question.field.hidden = !isOpen;
    row.classList.toggle("done", done);
    row.classList.toggle("waits", waits);
    row.querySelector(".step").textContent = done ? "✓" : waits ? "?" : flow.includes(question) ? flow.indexOf(question) + 1 : "";
    const given = document.createElement("b");
    given.className = hue && `c ${hue}`;
    given.textContent = text;
    const note = Object.assign(document.createElement("i"), { className: "wait", textContent: this.words.toConfirm });
    row.querySelector(".given").replaceChildren(...(text ? [given] : []), ...(waits ? [" ", note] : []));
    const key = row.querySelector("kbd");
    key.textContent = question.marks ? "␣" : this.#keyOf(question, value);
    key.hidden = !key.textContent;
  }

  #drawOpen(question, unit, item, flow) {
    const value = this.book.answer(question, unit, item);
    const chosen = value === undefined || question.marks ? [] : [value].flat();
    const offered = question.offered(unit.values);
    for (const option of question.options) {
      option.hidden = !offered.includes(option);
      const none = "none" in option.dataset;
      const checked = none ? Array.isArray(value) && !value.length : chosen.includes(option.dataset.value);
      option.querySelector("input").checked = checked;
    }
    if (question.input && document.activeElement !== question.input) question.input.value = isCannotTell(value) ? "" : value ?? "";
    const number = flow.indexOf(question) + 1;
    question.field.querySelector(".step").textContent = number || "";
    question.field.querySelector("legend small").textContent = !number
      ? ""
      : number === flow.length
        ? this.words.last
        : this.words.of.replace("#1", number).replace("#2", flow.length);
  }

  #keyOf(question, value) {
    if (Array.isArray(value) && !value.length) return question.part ? "0" : "";
    if (isCannotTell(value)) return "−";
    const keys = value === undefined || question.marks ? [] : [value].flat();
    return keys.length === 1 ? question.option(keys[0])?.dataset.key ?? "" : "";
  }

  #drawTyped(unit, flow, open, item) {
    const shown = flow.filter((question) => !question.marks && question !== open);
    const keys = shown.map((question) => this.#keyOf(question, this.book.answer(question, unit, item))).filter(Boolean);
    const signs = [...keys, "·"].map((key) => Object.assign(document.createElement("kbd"), { textContent: key }));
    signs.at(-1).className = "next";
    this.keysTyped.replaceChildren(...signs);
  }

  /** The rule of the option in focus, else of the one chosen, else of the question. */
  showRule(option, open) {
    const shown = option ?? open?.options.find((other) => other.querySelector("input").checked && other.dataset.rule);
    const template = shown?.dataset.rule
      ? document.getElementById(`rule-${shown.dataset.rule}`)
      : open?.element.querySelector(".about");
    this.rule.replaceChildren(...(template ? [template.content.cloneNode(true)] : []));
  }

  /** The attributions of the sentence, where there are several. */
  drawItems(unit, item) {
    const list = this.element.querySelector(".items");
    const { source } = this.book;
    const items = this.book.items(unit);
    const several = Math.max(items.length, item + 1) > 1;
    list?.replaceChildren(...(several ? items.map((_, number) => this.#item(source, unit, number, number === item)) : []));
  }

  #item(source, unit, number, here) {
    const given = this.book.items(unit)[number];
    const parts = ["manner", "stance"].map((part) => this.book.question(source.variable, part)?.name(given[part]));
    const row = document.createElement("li");
    const pick = Object.assign(document.createElement("button"), { type: "button", className: "asked" });
    pick.dataset.item = number;
    if (here) pick.setAttribute("aria-current", "true");
    const name = Object.assign(document.createElement("b"), { textContent: source.name(given.source) });
    name.className = `c ${source.colour(given.source)}`;
    const rest = Object.assign(document.createElement("span"), { textContent: parts.filter(Boolean).join(", ") });
    const count = Object.assign(document.createElement("span"), { className: "step", textContent: number + 1 });
    pick.append(count, name, rest);
    const drop = Object.assign(document.createElement("button"), { type: "button", textContent: this.words.removal });
    drop.className = "btn quiet";
    drop.dataset.drop = number;
    row.append(pick, drop);
    return row;
  }

  #button(name) {
    return this.element.querySelector(`.acts [data-do="${name}"]`);
  }

  press(name, on) {
    this.#button(name).setAttribute("aria-pressed", String(on));
  }

  drawButtons(unit, item, open, penIsDown) {
    const [pen, another, cannotTell] = ["pen", "another", "cannotTell"].map((name) => this.#button(name));
    const asked = this.book.asked(unit, item);
    pen.hidden = this.closed || !asked.some((question) => question.marks);
    this.press("pen", penIsDown);
    cannotTell.hidden = this.closed || !open?.cannotTell;
    another.hidden = this.closed || !asked.some((question) => question.part === "roles");
  }

  say(text) {
    const message = Object.assign(document.createElement("p"), { className: "error", textContent: text });
    this.element.querySelector("#messages").replaceChildren(...(text ? [message] : []));
  }

  /** Say to those who listen what is in hand now: the sentence, where it is another one, and what is asked. */
  tell(unit, asked) {
    const [sentence, question] = this.element.querySelector("#now").children;
    sentence.textContent = unit === this.told ? "" : `${unit.index}. ${unit.text}`;
    question.textContent = asked;
    this.told = unit;
  }

  /** Find the units on the map, which the server has drawn as they stand: in long articles some share a segment. */
  readMap(units) {
    const segments = [...document.querySelectorAll("#map rect")].map((rect) => ({ rect, units: [] }));
    const each = Math.ceil(units.length / segments.length);
    this.onMap = new Map(units.map((unit, number) => [unit, segments[Math.floor(number / each)]]));
    for (const [unit, segment] of this.onMap) segment.units.push(unit);
  }

  drawOnMap(unit, here) {
    const segment = this.onMap.get(unit);
    if (!segment) return;
    const asked = segment.units.filter((one) => one.scope);
    const left = asked.some((one) => !this.book.isDone(one));
    const kind = segment.units.includes(here) ? "here" : left ? "todo" : asked.length ? "done" : "off";
    segment.rect.setAttribute("class", `map-${kind}`);
  }

  /** The option `by` steps from the one in focus, round the list. */
  beside(open, at, by, values) {
    const offered = open.offered(values);
    const from = at ? offered.indexOf(at) : offered.findIndex((option) => option.querySelector("input").checked);
    return offered.at((Math.max(from, by > 0 ? -1 : 0) + by) % offered.length);
  }

  /** What stands in the field of the question, or undefined when it can't be taken. */
  typed(question) {
    const { value, wrong } = question.typed();
    question.input.setAttribute("aria-invalid", String(wrong));
    if (wrong) this.say(this.words.wrongNumber);
    return wrong ? undefined : value;
  }

  /** The end of the article (`end`), and the keys that act in these `modes`. */
  drawFrame(units, end, modes) {
    const done = end && units.every((unit) => this.book.isDone(unit));
    this.element.querySelector("#finished").hidden = !done;
    this.element.querySelector("#last").hidden = !end || done;
    for (const hint of document.querySelectorAll(".strip [data-when]")) hint.hidden = !modes.includes(hint.dataset.when);
  }
}
