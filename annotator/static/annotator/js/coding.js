// The coding screen: one sentence at a time, one question at a time, a key for each answer.

import { History, Keys, act } from "./keys.js";
import { Marking, Pen, Unit, drawSentence, drawWaiting, offsetAt, selected } from "./marks.js";
import { Outbox, showSettle, showState, told } from "./outbox.js";
import { Panel } from "./panel.js";

const TYPING_PAUSE = 1000;
const panel = new Panel(document.getElementById("asking"));
const column = document.querySelector(".units");
const byId = (id) => document.getElementById(id);

const outbox = new Outbox(panel.words.save, panel.words.user, {
  saved,
  agreed,
  refused,
  aside: (entry) => putBack(entry),
  settle: (entry) => entry.unit === state.unit.id && drawPanel(),
  state: showState,
});
const units = [...document.querySelectorAll(".unit")].map((element) => new Unit(element, outbox));
const askedUnits = units.filter((unit) => unit.scope);
const countedUnits = askedUnits.filter((unit) => panel.counts(unit));
const state = { unit: null, open: null, back: null, item: 0, at: null, adding: false, pen: null, end: false, relation: "", typing: 0, complete: false };
const past = new History();

// Answers

function choose(variable, value) {
  const { unit } = state;
  // What waited to be confirmed was no choice: choosing the same confirms it.
  const before = unit.confirmed[variable] ?? null;
  panel.say("");
  if (panel.closed || JSON.stringify(before) === JSON.stringify(value)) return;
  past.add({ unit, variable, before, after: value, open: state.open, item: state.item });
  put(unit, variable, value);
}

function put(unit, variable, value) {
  outbox.add({ unit: unit.id, variable, value, told: told(panel, unit, variable, value) }, unit.labels[variable]?.[1] ?? 0);
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
  // Who corrects a source types manner and stance as well: they are asked again, answered or not.
  const following = flow[flow.indexOf(question) + 1];
  if (question.part && question.part === following?.before) return show(following);
  const isOpen = (other) => panel.isOpen(other, unit, state.item);
  const later = (list) => list.slice(list.indexOf(question) + 1);
  let next = later(flow).find(isOpen) ?? flow.find(isOpen) ?? panel.waits(unit, state.item);
  if (!next && panel.openItem(unit) !== state.item && !panel.isDone(unit)) return go(unit);
  if (!next && !flow.includes(question)) next = later(asked).find((other) => isOpen(other) && !other.marks);
  if (next) show(next);
  else if (justCompleted()) goToRest();
  else step(1);
}

/** Whether the last open sentence of the article has been answered now, wherever it stands. */
function justCompleted() {
  const before = state.complete;
  state.complete = countedUnits.every((unit) => panel.isDone(unit));
  return state.complete && !before;
}

/** What is left to say of the article is optional; after it, or without it, the article is finished. */
function goToRest() {
  const rest = askedUnits.find((unit) => !panel.isDone(unit));
  if (rest) go(rest);
  else finish();
}

function finish() {
  Object.assign(state, { end: true, open: null, pen: null });
  drawUnit(state.unit);
  panel.form.focus({ preventScroll: true });
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
  // A field that is asked for takes what is typed: letters meant for a note must not answer another question.
  (state.open?.input ?? panel.form).focus({ preventScroll: true });
  state.at?.querySelector("input").focus({ preventScroll: true });
  state.open?.field.scrollIntoView({ block: "nearest" });
  document.querySelector("#waiting:not([hidden])")?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const next = askedUnits[askedUnits.indexOf(state.unit) + by];
  if (next) return go(next);
  if (by > 0) finish();
}

function nextOpen() {
  const from = askedUnits.indexOf(state.unit) + 1;
  const around = [...askedUnits.slice(from), ...askedUnits.slice(0, from)];
  const next = askedUnits.find(conflictOf) ?? around.find((unit) => (panel.counts(unit) || panel.waits(unit)) && !panel.isDone(unit));
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
  showSettle(panel, conflict, conflict && outbox.same(conflict).at(-1));
  panel.draw(unit, state.end || conflict ? null : state.open, { item, at });
  drawWaiting(panel, unit, state.end || conflict ? null : state.open);
  if (!conflict && state.open?.marks) marking.draw();
  panel.drawItems(unit, item);
  const mode = conflict ? "settle" : state.pen ? "pen" : "ask";
  panel.drawFrame(countedUnits, state.end, [mode, ...(state.open?.several ? ["several"] : [])]);
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

/** Another window gave the same answer. */
function agreed(entry, value, version) {
  units.find((other) => other.id === entry.unit).adopt(entry.variable, value, version);
  putBack(entry);
}

/** Show the unit as it stands without the choice. */
function putBack(entry) {
  const unit = units.find((other) => other.id === entry.unit);
  unit.read();
  drawUnit(unit);
  panel.drawMap(units, state.unit);
  return unit;
}

function refused(entry, message) {
  const unit = putBack(entry);
  if (unit === state.unit) show(panel.question(entry.variable));
  // Whoever types on elsewhere is not thrown back: his next key would land on the wrong sentence.
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

const marking = new Marking({ panel, state, choose, redraw: () => drawUnit(state.unit) });
const keys = new Keys({
  state, panel, marking, rtl: column.dir === "rtl", conflictOf, redraw: () => drawUnit(state.unit),
  choose, take, advance, commit, retrace, another, sameSource, settle, penDown, penUp, goOn, step, turn, read, nextOpen, focusPanel,
});

function goOn() {
  if (state.end) return byId("finished").hidden ? nextOpen() : byId("finished").querySelector("a").click();
  if (state.adding) return advance(state.open);
  return step(1);
}

/** Take over what stands in the field of a number or text; false when it can't be taken. */
function commit(question) {
  clearTimeout(state.typing);
  const value = panel.typed(question);
  if (value !== undefined) choose(question.variable, value);
  return value !== undefined;
}

// Mouse and touch

const DO = {
  undo: () => retrace(true),
  another,
  next: goOn,
  open: nextOpen,
  keys: () => keys.toggle(),
  confirm: () => keys.confirm(),
  pen: () => (state.pen ? penUp(false) : penDown()),
  question: () => turn(1) || show(panel.firstOpen(state.unit, state.item)),
  close: () => advance(state.open),
};

const CLICKS = {
  "[data-do]": ({ dataset }) => DO[dataset.do](),
  "#to-settle": showTrouble,
  "[data-again]": ({ dataset }) => outbox.release(dataset.again),
  "[data-give-up]": ({ dataset }) => outbox.giveUp(dataset.giveUp),
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

/** To what has to be settled, or to what was set aside. */
function showTrouble(link) {
  if (link.hash !== "#kept") return link.pathname === location.pathname ? nextOpen() : location.assign(link.href);
  for (const group of byId("kept").children) group.open = true;
  byId("kept").querySelector("summary").focus();
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

/** A text is saved while it is typed, too. */
function onInput({ target }) {
  clearTimeout(state.typing);
  if (target.matches("textarea")) state.typing = setTimeout(() => state.open?.input === target && commit(state.open), TYPING_PAUSE);
}

// An answer that only stands in its field is not confirmed by leaving.
const isTyped = (open) => open?.input === document.activeElement && panel.typed(open) !== state.unit.values[open.variable];

document.addEventListener("click", onClick);
document.addEventListener("pointerup", (event) => setTimeout(onSelect, 0, event));
panel.form.addEventListener("submit", (event) => event.preventDefault());
panel.form.addEventListener("change", onChange);
panel.form.addEventListener("input", onInput);
panel.form.addEventListener("pointerover", (event) => panel.showRule(event.target.closest(".choice") ?? state.at, state.open));
addEventListener("pagehide", () => isTyped(state.open) && commit(state.open));

await outbox.open();
// An article that opens for answers may well take those that it refused before.
if (!panel.closed) outbox.release(outbox.url);
for (const unit of units) {
  unit.read();
  drawUnit(unit);
}
justCompleted();
const there = askedUnits.find((unit) => `#u${unit.index}` === location.hash);
const first = there ?? askedUnits.find((unit) => !panel.isDone(unit)) ?? askedUnits[0];
if (first) go(first);
