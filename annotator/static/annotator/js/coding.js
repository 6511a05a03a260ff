// The coding screen: one sentence at a time, one question at a time, a key for each answer.

import { Marking, Pen, drawMargin, drawMarks, offsetAt, selected, voice } from "./marks.js";
import { Outbox, showState } from "./outbox.js";
import { Panel } from "./panel.js";

const panel = new Panel(document.getElementById("asking"));
const column = document.querySelector(".units");
const rightToLeft = column.dir === "rtl";
const closed = "closed" in panel.words;
const byId = (id) => document.getElementById(id);
const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

class Unit {
  constructor(element) {
    this.element = element;
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
    for (const entry of outbox?.of(this.id) ?? []) this.#set(entry.variable, entry.value);
  }

  #set(variable, value) {
    if (value === null) delete this.values[variable];
    else this.values[variable] = value;
  }
}

let outbox = null;
const units = [...document.querySelectorAll(".unit")].map((element) => new Unit(element));
const askedUnits = units.filter((unit) => unit.scope);
const state = { unit: null, open: null, back: null, item: 0, at: null, adding: false, pen: null, end: false, relation: "" };
const done = [];
const undone = [];

// Answers

function choose(variable, value) {
  const { unit } = state;
  const before = unit.values[variable] ?? null;
  say("");
  if (closed || JSON.stringify(before) === JSON.stringify(value)) return;
  done.push({ unit, variable, before, after: value, open: state.open, item: state.item });
  undone.length = 0;
  put(unit, variable, value);
}

function put(unit, variable, value) {
  outbox.add(unit.id, variable, value, unit.labels[variable]?.[1] ?? 0);
  unit.read();
  drawUnit(unit);
}

function undo() {
  const step = done.pop();
  if (!step) return;
  undone.push(step);
  put(step.unit, step.variable, step.before);
  go(step.unit, step.open, step.item);
}

function redo() {
  const step = undone.pop();
  if (!step) return;
  done.push(step);
  put(step.unit, step.variable, step.after);
  go(step.unit, step.open, step.item);
}

function take(option, add) {
  const { open, unit } = state;
  if (open.marks) return "none" in option.dataset ? penUp(true) : marking.mark(option);
  if (open.part) answerPart(open, option.dataset.value);
  else if (open.several) return takeSeveral(option, add);
  else choose(open.variable, option.dataset.value);
  if (unit === state.unit) advance(open);
}

/** One part of an attribution; without a value, nobody: the narrator speaks. */
function answerPart(question, value) {
  if (!value) {
    state.item = 0;
    return choose(question.variable, []);
  }
  const items = structuredClone(state.unit.values[question.variable] ?? []);
  const item = items[state.item] ?? { source: null, manner: null, stance: null, spans: [] };
  items[state.item] = { ...item, [question.part]: value };
  choose(question.variable, items);
}

function takeSeveral(option, add) {
  const { open, unit } = state;
  if ("none" in option.dataset) {
    choose(open.variable, []);
    return advance(open);
  }
  const chosen = open.toggled(add || state.adding ? unit.values[open.variable] ?? [] : [], option, add);
  if (chosen.length > Number(open.rules.most ?? Infinity)) return say(panel.words.tooMany.replace("#", open.rules.most));
  choose(open.variable, chosen.length ? chosen : null);
  state.adding = add;
  if (!add) advance(open);
}

/** On from an answered question: the next open one, else the next sentence. */
function advance(question) {
  const { unit } = state;
  const asked = panel.asked(unit, state.item);
  const flow = panel.flow(unit, state.item);
  const isOpen = (other) => panel.answer(other, unit, state.item) === undefined;
  const later = (list) => list.slice(list.indexOf(question) + 1);
  let next = later(flow).find(isOpen) ?? flow.find(isOpen);
  if (!next && !flow.includes(question)) next = later(asked).find((other) => isOpen(other) && !other.marks);
  if (next) show(next);
  else step(1);
}

function sameSource() {
  const question = panel.questions.find((other) => other.part === "source");
  if (!question || closed) return;
  const before = units.slice(0, units.indexOf(state.unit)).reverse();
  const source = before.map((unit) => unit.values[question.variable]?.at(-1)?.source).find(Boolean);
  if (!source) return;
  answerPart(question, source);
  advance(question);
}

function another() {
  const question = panel.questions.find((other) => other.part === "source");
  if (!question || closed) return;
  state.item = state.unit.values[question.variable]?.length ?? 0;
  show(question);
}

// The pen

function penDown(range) {
  const offered = panel.asked(state.unit, state.item).filter((question) => question.marks);
  if (!offered.length || closed) return;
  if (!state.open?.marks) show(offered[0]);
  if (range) state.pen.take(range);
  drawUnit(state.unit);
}

/** Done marking. `none` says that there is nothing to mark, which is an answer. */
function penUp(none) {
  const { open, unit, item } = state;
  if (open.required || none) {
    if (panel.answer(open, unit, item) === undefined) choose(open.variable, []);
    return advance(open);
  }
  show(state.back ?? firstOpen(unit));
}

// Moving

function firstOpen(unit) {
  const flow = panel.flow(unit);
  return flow.find((question) => panel.answer(question, unit) === undefined) ?? flow[0] ?? panel.asked(unit)[0];
}

function go(unit, question, item = 0) {
  const before = state.unit;
  Object.assign(state, { unit, item, pen: null, relation: "", end: false, open: null, back: null });
  if (before && before !== unit) drawUnit(before);
  show(question && panel.asked(unit, item).includes(question) ? question : firstOpen(unit));
  drawMap();
  unit.element.scrollIntoView({ block: "center" });
  history.replaceState(null, "", `#u${unit.index}`);
}

function show(question) {
  if (state.open && !state.open.marks) state.back = state.open;
  Object.assign(state, { open: question, adding: false, at: null, end: false });
  const { unit } = state;
  state.pen = question?.marks ? state.pen ?? new Pen(unit, column.lang, question.rules.snap) : null;
  if (question?.rules.default && panel.answer(question, unit) === undefined) {
    state.at = question.option(question.rules.default) ?? null;
  }
  say("");
  drawUnit(unit);
  focusPanel();
}

function focusPanel() {
  panel.form.focus({ preventScroll: true });
  state.at?.querySelector("input").focus({ preventScroll: true });
}

function step(by) {
  const next = askedUnits[askedUnits.indexOf(state.unit) + by];
  if (next) return go(next);
  if (by > 0) {
    Object.assign(state, { end: true, open: null, pen: null });
    drawUnit(state.unit);
    panel.form.focus({ preventScroll: true });
  }
}

function nextOpen() {
  const from = askedUnits.indexOf(state.unit) + 1;
  const around = [...askedUnits.slice(from), ...askedUnits.slice(0, from)];
  const next = around.find((unit) => !panel.isDone(unit));
  if (next) go(next);
  else step(askedUnits.length);
}

function turn(by) {
  const asked = panel.asked(state.unit, state.item);
  const next = asked[asked.indexOf(state.open) + by];
  if (!next) return false;
  show(next);
  if (next.input) next.input.focus();
  return true;
}

function read(by) {
  const offered = state.open?.offered(state.unit.values) ?? [];
  if (!offered.length) return;
  const from = state.at ? offered.indexOf(state.at) : offered.findIndex((o) => o.querySelector("input").checked);
  state.at = offered[(Math.max(from, by > 0 ? -1 : 0) + by + offered.length) % offered.length];
  state.at.querySelector("input").focus();
  panel.showRule(state.at, state.open);
}

// Drawing

function drawUnit(unit) {
  const here = unit === state.unit;
  drawMarks(panel, unit, here ? state.pen : null);
  drawMargin(panel, unit);
  unit.element.classList.toggle("here", here);
  unit.element.classList.toggle("marking", here && Boolean(state.pen));
  if (here) unit.element.setAttribute("aria-current", "true");
  else unit.element.removeAttribute("aria-current");
  for (const old of unit.element.querySelectorAll(".voice")) old.remove();
  if (here) {
    unit.element.append(...voice(panel, unit));
    drawPanel();
  }
}

function drawPanel() {
  const { unit, item, at } = state;
  const conflict = outbox.of(unit.id).find((entry) => entry.settle);
  drawSettle(conflict);
  panel.draw(unit, state.end || conflict ? null : state.open, { item, at });
  if (!conflict && state.open?.marks) marking.draw();
  panel.drawItems(unit, item);
  const isDone = askedUnits.every((other) => panel.isDone(other));
  byId("finished").hidden = !(state.end && isDone);
  byId("last").hidden = !(state.end && !isDone);
  const mode = conflict ? "settle" : state.pen ? "pen" : "ask";
  for (const hint of document.querySelectorAll(".strip [data-when]")) hint.hidden = hint.dataset.when !== mode;
  const marks = panel.asked(unit, item).some((question) => question.marks);
  button("pen").hidden = !marks || closed;
  button("pen").setAttribute("aria-pressed", String(Boolean(state.pen)));
  button("another").hidden = closed || !panel.asked(unit).some((question) => question.part === "manner");
}

const button = (name) => panel.element.querySelector(`.acts [data-do="${name}"]`);

function drawSettle(entry) {
  const place = byId("settle");
  if (place.dataset.event === (entry?.event ?? "")) return;
  place.dataset.event = entry?.event ?? "";
  if (entry) htmx.swap({ text: entry.settle, target: place, swap: "innerHTML", sourceElement: place });
  else place.replaceChildren();
}

function drawMap() {
  for (const rect of document.querySelectorAll("#map rect")) {
    const unit = units.find((other) => other.index === Number(rect.dataset.index));
    const kind = !unit.scope ? "off" : panel.isDone(unit) ? "done" : "todo";
    rect.setAttribute("class", unit === state.unit ? "map-here" : `map-${kind}`);
  }
}

function say(html) {
  const place = byId("messages");
  if (!html) return place.replaceChildren();
  place.replaceChildren(make("p", { className: "error", textContent: html }));
}

// What the server says

const listener = {
  async saved(entry, html) {
    const unit = units.find((other) => other.id === entry.unit);
    await htmx.swap({ text: html, target: `#answers-${unit.id}`, swap: "outerHTML", sourceElement: document.body });
    unit.read();
    drawUnit(unit);
    drawMap();
  },
  settle(entry) {
    if (entry.unit === state.unit.id) drawPanel();
  },
  refused(entry, html) {
    const unit = units.find((other) => other.id === entry.unit);
    unit.read();
    if (unit === state.unit) show(panel.question(entry.variable));
    drawUnit(unit);
    say(make("template", { innerHTML: html }).content.textContent);
  },
  state: showState,
};

function settle(keepMine) {
  const entry = outbox.of(state.unit.id).find((other) => other.settle);
  if (!entry) return;
  const section = byId("settle").firstElementChild;
  const version = Number(section.dataset.version);
  state.unit.labels[entry.variable] = [JSON.parse(section.dataset.value), version];
  outbox.settle(entry, keepMine, version);
  const margin = state.unit.element.querySelector(".answers");
  margin.dataset.labels = JSON.stringify(state.unit.labels);
  state.unit.read();
  go(state.unit);
}

// Keys

function legend(event) {
  if (/^[a-z0-9]$/i.test(event.key)) return event.key.toLowerCase();
  const [, digit] = /^(?:Digit|Numpad)(\d)$/.exec(event.code) ?? [];
  if (digit) return digit;
  const [, letter] = /^Key([A-Z])$/.exec(event.code) ?? [];
  return letter && /\p{L}/u.test(event.key) ? letter.toLowerCase() : "";
}

const forward = (event) => event.key === (rightToLeft ? "ArrowLeft" : "ArrowRight");
const PLAIN = {
  Enter: () => (state.at ? take(state.at, false) : goOn()),
  ArrowUp: () => read(-1),
  ArrowDown: () => read(1),
  Backspace: (event) => (event.shiftKey ? redo() : undo()),
  " ": (event) => (event.shiftKey ? another() : penDown()),
  "]": nextOpen,
  "=": sameSource,
  "?": () => toggleKeys(),
};
const PEN = {
  Home: (event) => state.pen.edge(false, event.shiftKey),
  End: (event) => state.pen.edge(true, event.shiftKey),
  Delete: () => marking.unmark(),
  Escape: () => penUp(false),
  Enter: () => (state.at ? take(state.at, false) : penUp(false)),
};

function goOn() {
  if (state.end) return byId("finished").hidden ? nextOpen() : byId("finished").querySelector("a").click();
  if (state.adding) return advance(state.open);
  return step(1);
}

function onKey(event) {
  const { target, key } = event;
  if (event.defaultPrevented || event.isComposing || !listens(target)) return;
  const typing = target.matches("input.input, textarea, select");
  if (key === "Tab") return turn(event.shiftKey ? -1 : 1) && event.preventDefault();
  if (typing) return inField(event);
  const command = event.ctrlKey || event.metaKey;
  if (command && key.toLowerCase() === "z") return act(event, event.shiftKey ? redo : undo);
  if ((command || event.altKey) && !event.getModifierState("AltGraph")) return undefined;
  if (target.matches("button, a[href]") && ["Enter", " "].includes(key)) return undefined;
  if (!byId("keys").hidden && key === "Escape") return act(event, toggleKeys);
  if (byId("settle").dataset.event && ["1", "2"].includes(key)) return act(event, () => settle(key === "1"));
  if (key === "ArrowLeft" || key === "ArrowRight") return act(event, () => arrow(event));
  const plain = (state.pen && PEN[key]) || PLAIN[key];
  if (plain) {
    act(event, () => plain(event));
    if (PEN[key] && state.pen) drawUnit(state.unit);
    return undefined;
  }
  return value(event);
}

function arrow(event) {
  const by = forward(event) ? 1 : -1;
  if (!state.pen) return step(by);
  state.pen.move(by, event.shiftKey);
  return drawUnit(state.unit);
}

function value(event) {
  const key = legend(event);
  if (!key || closed || !state.open || !byId("letters").checked) return;
  if (state.open.kind === "number") return state.open.input.focus();
  const option = state.open.offered(state.unit.values).find((other) => other.dataset.key === key);
  if (option) act(event, () => take(option, event.shiftKey && state.open.several));
}

function act(event, action) {
  event.preventDefault();
  action();
}

/** Keys belong to the panel, the column and the page itself, not to the bar. */
function listens(target) {
  return target === document.body || panel.element.contains(target) || byId("main").contains(target);
}

function inField(event) {
  const { open } = state;
  if (event.key === "Escape") return act(event, focusPanel);
  if (event.key !== "Enter" || !open?.input || (open.kind === "text" && !event.ctrlKey && !event.metaKey)) return;
  act(event, () => commit(open) && advance(open));
}

/** Take over what stands in the field of a number or text; false when it can't be taken. */
function commit(question) {
  const { value, wrong } = question.typed();
  question.input.setAttribute("aria-invalid", String(wrong));
  if (wrong) {
    say(panel.words.wrongNumber);
    return false;
  }
  choose(question.variable, value);
  return true;
}

function toggleKeys() {
  byId("keys").hidden = !byId("keys").hidden;
  if (byId("keys").hidden) focusPanel();
  else byId("keys").scrollIntoView({ block: "nearest" });
}

// Mouse and touch

const DO = {
  undo,
  another,
  next: goOn,
  open: nextOpen,
  keys: toggleKeys,
  pen: () => (state.pen ? penUp(false) : penDown()),
  question: () => turn(1) || show(firstOpen(state.unit)),
  close: () => advance(state.open),
};

function onClick(event) {
  const at = (selector) => event.target.closest(selector);
  const doing = at("[data-do]");
  if (doing) return act(event, DO[doing.dataset.do]);
  if (at("[data-keep]")) return act(event, () => settle(at("[data-keep]").dataset.keep === "mine"));
  if (at("[data-remove]")) return act(event, () => marking.unmark(Number(at("[data-remove]").dataset.remove)));
  if (at("[data-item]")) return act(event, () => pickItem(Number(at("[data-item]").dataset.item)));
  if (at("[data-drop]")) return act(event, () => dropItem(Number(at("[data-drop]").dataset.drop)));
  if (at(".choice") && !closed) return act(event, () => take(at(".choice"), state.open.several));
  if (at(".asked")) return act(event, () => show(panel.questions.find((q) => q.row === at(".asked"))));
  if (at(".unit")) return onText(event, units.find((unit) => unit.element === at(".unit")));
  return undefined;
}

function onText(event, unit) {
  if (!unit.scope) return undefined;
  if (event.target.closest(".no")) event.preventDefault();
  if (!getSelection().isCollapsed) return undefined;
  if (unit !== state.unit) return go(unit);
  const offset = state.pen && event.target.closest(".text") ? offsetAt(unit, event.clientX, event.clientY) : null;
  if (offset === null) return undefined;
  state.pen.tap(offset, event.shiftKey || event.pointerType === "touch");
  return drawUnit(unit);
}

function onSelect(event) {
  const unit = units.find((other) => other.element === event.target.closest?.(".unit"));
  const range = unit?.scope && selected(unit);
  if (!range) return;
  if (unit !== state.unit) go(unit);
  getSelection().removeAllRanges();
  penDown(range);
}

function pickItem(item) {
  state.item = item;
  show(panel.questions.find((question) => question.part === "source"));
}

function dropItem(item) {
  const question = panel.questions.find((other) => other.part === "source");
  const items = state.unit.values[question.variable].filter((_, number) => number !== item);
  state.item = 0;
  choose(question.variable, items.length ? items : null);
  show(question);
}

function onChange(event) {
  if (event.target.matches(".attribute select")) marking.setAttribute(event.target);
  else if (state.open?.input === event.target) commit(state.open);
}

const marking = new Marking({ panel, state, choose, say, redraw: () => drawUnit(state.unit) });
outbox = new Outbox(panel.words.save, panel.words.user, listener);
document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("pointerup", (event) => setTimeout(onSelect, 0, event));
panel.form.addEventListener("submit", (event) => event.preventDefault());
panel.form.addEventListener("change", onChange);
panel.form.addEventListener("pointerover", (event) => panel.showRule(event.target.closest(".choice") ?? state.at, state.open));
addEventListener("pagehide", () => state.open?.input === document.activeElement && commit(state.open));

if (askedUnits.length) {
  await outbox.open();
  for (const unit of units) {
    unit.read();
    drawUnit(unit);
  }
  const there = askedUnits.find((unit) => `#u${unit.index}` === location.hash);
  go(there ?? askedUnits.find((unit) => !panel.isDone(unit)) ?? askedUnits[0]);
}
