// The coding screen: one sentence at a time, one question at a time, a key for each answer.

import { Marking, Pen, drawSentence, offsetAt, selected } from "./marks.js";
import { History, Outbox, Unit, showState } from "./outbox.js";
import { Panel, legend } from "./panel.js";

const panel = new Panel(document.getElementById("asking"));
const column = document.querySelector(".units");
const byId = (id) => document.getElementById(id);

const outbox = new Outbox(panel.words.save, panel.words.user, {
  saved,
  refused,
  settle: (entry) => entry.unit === state.unit.id && drawPanel(),
  state: showState,
});
const units = [...document.querySelectorAll(".unit")].map((element) => new Unit(element, outbox));
const askedUnits = units.filter((unit) => unit.scope);
const state = { unit: null, open: null, back: null, item: 0, at: null, adding: false, pen: null, end: false, relation: "" };
const past = new History();

// Answers

function choose(variable, value) {
  const { unit } = state;
  const before = unit.values[variable] ?? null;
  panel.say("");
  if (panel.closed || JSON.stringify(before) === JSON.stringify(value)) return;
  past.add({ unit, variable, before, after: value, open: state.open, item: state.item });
  put(unit, variable, value);
}

function put(unit, variable, value) {
  outbox.add(unit.id, variable, value, unit.labels[variable]?.[1] ?? 0);
  unit.read();
  drawUnit(unit);
}

/** Undo (`back`) or redo, wherever it was. */
function retrace(back) {
  const step = past.turn(back);
  if (!step) return;
  put(step.unit, step.variable, back ? step.before : step.after);
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

function answerPart(question, value) {
  if (!value) state.item = 0;
  choose(question.variable, question.withPart(state.unit.values[question.variable], state.item, value));
}

function takeSeveral(option, add) {
  const { open, unit } = state;
  if ("none" in option.dataset) {
    choose(open.variable, []);
    return advance(open);
  }
  const chosen = open.toggled(add || state.adding ? unit.values[open.variable] ?? [] : [], option, add);
  if (chosen.length > Number(open.rules.most ?? Infinity)) return panel.say(panel.words.tooMany.replace("#", open.rules.most));
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
  if (!next && panel.openItem(unit) !== state.item && !panel.isDone(unit)) return go(unit);
  if (!next && !flow.includes(question)) next = later(asked).find((other) => isOpen(other) && !other.marks);
  if (next) show(next);
  else step(1);
}

function sameSource() {
  const before = units.slice(0, units.indexOf(state.unit)).reverse();
  const source = before.map((unit) => unit.values[panel.source?.variable]?.at(-1)?.source).find(Boolean);
  if (!source || panel.closed) return;
  answerPart(panel.source, source);
  advance(panel.source);
}

const another = () => panel.source && pickItem(state.unit.values[panel.source.variable]?.length ?? 0);

// The pen

function penDown(range) {
  const offered = panel.asked(state.unit, state.item).filter((question) => question.marks);
  if (!offered.length || panel.closed) return;
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
  show(state.back ?? panel.firstOpen(unit, state.item));
}

// Moving

function go(unit, question, item = panel.openItem(unit)) {
  const before = state.unit;
  Object.assign(state, { unit, item, pen: null, relation: "", end: false, open: null, back: null });
  if (before && before !== unit) drawUnit(before);
  const isAsked = panel.asked(unit, item).includes(question) && panel.isReady(question, unit, item);
  show(isAsked ? question : panel.firstOpen(unit, item));
  panel.drawMap(units, state.unit);
  unit.element.scrollIntoView({ block: "center" });
  history.replaceState(null, "", `#u${unit.index}`);
}

function show(question, item = state.item) {
  if (question && !panel.isReady(question, state.unit, item)) return;
  if (state.open && !state.open.marks) state.back = state.open;
  Object.assign(state, { open: question, item, adding: false, at: null, end: false });
  const { unit } = state;
  state.pen = question?.marks ? state.pen ?? new Pen(unit, column.lang, question.rules.snap) : null;
  if (question?.rules.default && panel.answer(question, unit) === undefined) {
    state.at = question.option(question.rules.default) ?? null;
  }
  panel.say("");
  drawUnit(unit);
  focusPanel();
}

function focusPanel() {
  panel.form.focus({ preventScroll: true });
  state.at?.querySelector("input").focus({ preventScroll: true });
  state.open?.field.scrollIntoView({ block: "nearest" });
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
  const next = askedUnits.find(conflictOf) ?? around.find((unit) => !panel.isDone(unit));
  if (next) go(next);
  else step(askedUnits.length);
}

function turn(by) {
  const { unit, item } = state;
  const asked = panel.asked(unit, item).filter((question) => panel.isReady(question, unit, item));
  const next = asked[asked.indexOf(state.open) + by];
  if (!next) return false;
  show(next);
  if (next.input) next.input.focus();
  return true;
}

function read(by) {
  if (!state.open?.options.length) return;
  state.at = panel.beside(state.open, state.at, by, state.unit.values);
  state.at.querySelector("input").focus();
  panel.showRule(state.at, state.open);
}

// Drawing

function drawUnit(unit) {
  const here = unit === state.unit;
  drawSentence(panel, unit, here, here ? state.pen : null);
  if (here) drawPanel();
}

function drawPanel() {
  const { unit, item, at } = state;
  const conflict = conflictOf(unit);
  panel.drawSettle(conflict);
  panel.draw(unit, state.end || conflict ? null : state.open, { item, at });
  if (!conflict && state.open?.marks) marking.draw();
  panel.drawItems(unit, item);
  panel.drawFrame(askedUnits, state.end, conflict ? "settle" : state.pen ? "pen" : "ask");
  panel.drawButtons(unit, item, Boolean(state.pen));
}

// What the server says

async function saved(entry, html) {
  const unit = units.find((other) => other.id === entry.unit);
  await htmx.swap({ text: html, target: `#answers-${unit.id}`, swap: "outerHTML", sourceElement: document.body });
  unit.read();
  drawUnit(unit);
  panel.drawMap(units, state.unit);
}

function refused(entry, html) {
  const unit = units.find((other) => other.id === entry.unit);
  unit.read();
  if (unit === state.unit) show(panel.question(entry.variable));
  drawUnit(unit);
  // Whoever types on elsewhere is not thrown back: his next key would land on the wrong sentence.
  const message = new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
  panel.say(unit === state.unit ? message : `${unit.index}: ${message}`);
}

const conflictOf = (unit) => outbox.of(unit.id).find((entry) => entry.settle);

function settle(keepMine) {
  const entry = conflictOf(state.unit);
  const { value, version } = byId("settle").firstElementChild.dataset;
  state.unit.adopt(entry.variable, JSON.parse(value), Number(version));
  outbox.settle(entry, keepMine, Number(version));
  state.unit.read();
  go(state.unit);
}

// Keys

const forward = (event) => event.key === (column.dir === "rtl" ? "ArrowLeft" : "ArrowRight");
const PLAIN = {
  Enter: () => (state.at ? take(state.at, false) : goOn()),
  ArrowUp: () => read(-1),
  ArrowDown: () => read(1),
  Backspace: (event) => retrace(!event.shiftKey),
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
  if (command && key.toLowerCase() === "z") return act(event, () => retrace(!event.shiftKey));
  if ((command || event.altKey) && !event.getModifierState("AltGraph")) return undefined;
  if (target.matches("button, a[href]") && ["Enter", " "].includes(key)) return undefined;
  if (!byId("keys").hidden && key === "Escape") return act(event, toggleKeys);
  if (conflictOf(state.unit) && ["1", "2"].includes(key)) return act(event, () => settle(key === "1"));
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
  if (!key || panel.closed || !state.open || conflictOf(state.unit) || !byId("letters").checked) return;
  if (state.open.kind === "number") return state.open.input.focus();
  const option = state.open.offered(state.unit.values).find((other) => other.dataset.key === key);
  if (option) act(event, () => take(option, event.shiftKey && state.open.several));
}

const act = (event, action) => (event.preventDefault(), void action());

// Keys belong to the panel, the column and the page itself, not to the bar.
const listens = (target) => target === document.body || Boolean(target.closest("#asking, #main"));

function inField(event) {
  const { open } = state;
  if (event.key === "Escape") return act(event, focusPanel);
  if (event.key !== "Enter" || !open?.input || (open.kind === "text" && !event.ctrlKey && !event.metaKey)) return;
  act(event, () => commit(open) && advance(open));
}

/** Take over what stands in the field of a number or text; false when it can't be taken. */
function commit(question) {
  const value = panel.typed(question);
  if (value !== undefined) choose(question.variable, value);
  return value !== undefined;
}

const toggleKeys = () => panel.toggleKeys() || focusPanel();

// Mouse and touch

const DO = {
  undo: () => retrace(true),
  another,
  next: goOn,
  open: nextOpen,
  keys: toggleKeys,
  pen: () => (state.pen ? penUp(false) : penDown()),
  question: () => turn(1) || show(panel.firstOpen(state.unit, state.item)),
  close: () => advance(state.open),
};

const CLICKS = {
  "[data-do]": ({ dataset }) => DO[dataset.do](),
  "[data-keep]": ({ dataset }) => settle(dataset.keep === "mine"),
  "[data-remove]": ({ dataset }) => marking.unmark(Number(dataset.remove)),
  "[data-item]": ({ dataset }) => pickItem(Number(dataset.item)),
  "[data-drop]": ({ dataset }) => dropItem(Number(dataset.drop)),
  ".choice": (option) => panel.closed || take(option, state.open.several),
  ".asked": (row) => show(panel.questions.find((question) => question.row === row)),
  ".unit[data-scope]": (element, event) => onText(event, units.find((unit) => unit.element === element)),
};

function onClick(event) {
  for (const [selector, action] of Object.entries(CLICKS)) {
    const found = event.target.closest(selector);
    if (found) return act(event, () => action(found, event));
  }
}

function onText(event, unit) {
  if (!getSelection().isCollapsed) return;
  if (unit !== state.unit) return go(unit);
  const offset = state.pen && event.target.closest(".text") ? offsetAt(unit, event.clientX, event.clientY) : null;
  if (offset === null) return;
  state.pen.tap(offset, event.shiftKey || event.pointerType === "touch");
  drawUnit(unit);
}

function onSelect(event) {
  const unit = units.find((other) => other.element === event.target.closest?.(".unit"));
  const range = unit?.scope && selected(unit);
  if (!range) return;
  if (unit !== state.unit) go(unit);
  getSelection().removeAllRanges();
  penDown(range);
}

const pickItem = (item) => show(panel.source, item);

function dropItem(item) {
  const { variable } = panel.source;
  const items = state.unit.values[variable].filter((_, number) => number !== item);
  choose(variable, items.length ? items : null);
  pickItem(0);
}

function onChange(event) {
  if (event.target.matches(".attribute select")) marking.setAttribute(event.target);
  else if (state.open?.input === event.target) commit(state.open);
}

const marking = new Marking({ panel, state, choose, redraw: () => drawUnit(state.unit) });
document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("pointerup", (event) => setTimeout(onSelect, 0, event));
panel.form.addEventListener("submit", (event) => event.preventDefault());
panel.form.addEventListener("change", onChange);
panel.form.addEventListener("pointerover", (event) => panel.showRule(event.target.closest(".choice") ?? state.at, state.open));
addEventListener("pagehide", () => state.open?.input === document.activeElement && commit(state.open));

await outbox.open();
for (const unit of units) {
  unit.read();
  drawUnit(unit);
}
const there = askedUnits.find((unit) => `#u${unit.index}` === location.hash);
const first = there ?? askedUnits.find((unit) => !panel.isDone(unit)) ?? askedUnits[0];
if (first) go(first);
