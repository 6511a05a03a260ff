// The coding screen: one sentence and one question in hand, moving between them, and drawing both.

import { Activity } from "./activity.js";
import { Answering } from "./answering.js";
import { bring } from "./bring.js";
import { Hints } from "./hints.js";
import { Marking } from "./marking.js";
import { drawSentence, drawSigns, drawWaiting } from "./marks.js";
import { Notes } from "./notes.js";
import { Outbox } from "./outbox.js";
import { Panel } from "./panel.js";
import { Pen } from "./pen.js";
import { showSettle, showState } from "./saving.js";
import { Search } from "./search.js";
import { unfoldRest } from "./unfold.js";
import { Unit } from "./unit.js";

/**
 * `state` is what is in hand: the unit, the open question, the attribution (`item`), the option in focus (`at`), the pen,
 * whether a set is being added to, whether the article has ended here.
 */
export class Screen {
  state = { unit: null, open: null, back: null, item: 0, at: null, adding: false, pen: null, end: false, relation: "", typing: 0, complete: false };

  constructor() {
    this.panel = new Panel(document.getElementById("asking"));
    this.book = this.panel.book;
    this.column = document.querySelector(".units");
    const { save, notes, user } = this.panel.words;
    this.outbox = new Outbox(save, [notes], user, {
      saved: (entry, html) => this.saved(entry, html),
      agreed: (entry, value, version) => this.agreed(entry, value, version),
      refused: (entry, message) => this.refused(entry, message),
      aside: (entry) => this.putBack(entry),
      settle: (entry) => entry.unit === this.state.unit.id && this.drawPanel(),
      state: showState,
    });
    this.units = [...document.querySelectorAll(".unit")].map((element) => new Unit(element, this.outbox));
    this.byId = new Map(this.units.map((unit) => [unit.id, unit]));
    this.panel.sentenceAt = (start) => this.units.find((unit) => unit.start === start && unit.scope !== "article")?.index ?? "";
    this.asked = this.units.filter((unit) => unit.scope);
    this.counted = this.asked.filter((unit) => this.book.counts(unit));
    this.activity = new Activity();
    this.notes = new Notes(this);
    this.search = new Search(this);
    this.answering = new Answering(this);
    this.marking = new Marking(this);
    this.hints = new Hints(this);
  }

  /** Begin at the place in the address, else at the first sentence that is not done. */
  async start() {
    await this.outbox.open();
    // An article that opens for answers may well take those that it refused before.
    if (!this.panel.closed) this.outbox.release(this.outbox.url);
    this.panel.readMap(this.units);
    for (const unit of this.units) {
      // What nobody has spoken of yet stands as the server wrote it.
      if (!Object.keys(unit.labels).length && !this.outbox.of(unit.id).length && !unit.thread) continue;
      unit.read();
      this.drawUnit(unit);
      this.panel.drawOnMap(unit, null);
    }
    this.answering.justCompleted();
    const there = this.asked.find((unit) => `#u${unit.index}` === location.hash);
    const first = there ?? this.asked.find((unit) => !this.book.isDone(unit)) ?? this.asked[0];
    if (first) this.go(first);
    unfoldRest(this.column, document.getElementById("main"));
  }

  // Moving

  go(unit, question, item = this.book.openItem(unit)) {
    const before = this.state.unit;
    Object.assign(this.state, { unit, item, pen: null, relation: "", end: false, open: null, back: null });
    if (before && before !== unit) {
      this.drawUnit(before);
      this.notes.turn(before, unit);
    }
    const isAsked = this.book.asked(unit, item).includes(question) && this.book.isReady(question, unit, item);
    this.show(isAsked ? question : this.book.firstOpen(unit, item));
    this.panel.drawOnMap(before, unit);
    this.panel.drawOnMap(unit, unit);
    this.activity.at(unit);
    this.hints.seen(unit);
    bring(unit.element, document.getElementById("main"), "center");
    history.replaceState(null, "", `#u${unit.index}`);
  }

  show(question, item = this.state.item) {
    const { state } = this;
    if (question && !this.book.isReady(question, state.unit, item)) return;
    if (state.open && !state.open.marks) state.back = state.open;
    Object.assign(state, { open: question, item, adding: false, at: null, end: false });
    const { unit } = state;
    const held = state.pen;
    state.pen = question?.marks ? held ?? new Pen(unit, this.column.lang, question.rules.snap) : null;
    if (question?.rules.default && this.book.answer(question, unit) === undefined) {
      state.at = question.option(question.rules.default) ?? null;
    }
    state.at ??= this.hints.suggestion(question);
    if (state.pen && !held) this.hints.toNext(state.pen);
    this.panel.say("");
    this.drawUnit(unit);
    this.focusPanel();
    this.panel.tell(unit, question?.wording ?? "");
  }

  focusPanel() {
    const { open, at } = this.state;
    // A field that is asked for takes what is typed: letters meant for a note must not answer another question.
    (open?.input ?? this.panel.form).focus({ preventScroll: true });
    at?.querySelector("input").focus({ preventScroll: true });
    if (open) bring(open.element, this.panel.form, "nearest");
    document.querySelector("#waiting:not([hidden])")?.scrollIntoView({ block: "nearest" });
  }

  step(by) {
    const next = this.asked[this.asked.indexOf(this.state.unit) + by];
    if (next) return this.go(next);
    if (by > 0) this.finish();
  }

  /** To the next sentence that waits for its annotator: two answers to settle first, then what is not done. */
  nextOpen() {
    const from = this.asked.indexOf(this.state.unit) + 1;
    const around = [...this.asked.slice(from), ...this.asked.slice(0, from)];
    const waits = (unit) => (this.book.counts(unit) || this.book.waits(unit)) && !this.book.isDone(unit);
    const next = this.asked.find((unit) => this.conflictOf(unit)) ?? around.find(waits);
    if (next) this.go(next);
    else this.step(this.asked.length);
  }

  goOn() {
    const { end, adding, open } = this.state;
    const finished = document.getElementById("finished");
    if (end) return finished.hidden ? this.nextOpen() : finished.querySelector("a").click();
    return adding ? this.answering.advance(open) : this.step(1);
  }

  finish() {
    Object.assign(this.state, { end: true, open: null, pen: null });
    this.drawUnit(this.state.unit);
    this.panel.form.focus({ preventScroll: true });
    this.panel.tell(this.state.unit, document.querySelector(".finished:not([hidden]) h2").textContent);
  }

  turn(by) {
    const { unit, item, open } = this.state;
    const asked = this.book.asked(unit, item).filter((question) => this.book.isReady(question, unit, item));
    const next = asked[asked.indexOf(open) + by];
    if (!next) return false;
    this.show(next);
    if (next.input) next.input.focus();
    return true;
  }

  read(by) {
    const { state } = this;
    if (!state.open?.options.length) return;
    state.at = this.panel.beside(state.open, state.at, by, state.unit.values);
    state.at.querySelector("input").focus();
    this.panel.showRule(state.at, state.open);
  }

  // Drawing

  redraw() {
    this.drawUnit(this.state.unit);
  }

  /** The pen was moved. */
  penMoved() {
    this.hints.follow();
    this.redraw();
  }

  drawUnit(unit) {
    const here = unit === this.state.unit;
    drawSentence(this.panel, unit, here && { pen: this.state.pen, hints: this.hints.marks(unit) });
    drawSigns(unit, this.notes);
    if (here) this.drawPanel();
  }

  drawPanel() {
    const { panel, state } = this;
    const { unit, item, at } = state;
    const conflict = this.conflictOf(unit);
    const open = state.end || conflict ? null : state.open;
    showSettle(panel, conflict, conflict && this.outbox.same(conflict).at(-1));
    panel.draw(unit, open, { item, at });
    this.hints.drawOptions();
    drawWaiting(panel, unit, open);
    if (!conflict && state.open?.marks) this.marking.draw();
    panel.drawItems(unit, item);
    const mode = conflict ? "settle" : state.pen ? "pen" : "ask";
    const modes = [mode, ...(state.open?.several ? ["several"] : []), ...(this.hints.inFocus ? ["hint"] : [])];
    panel.drawFrame(this.counted, state.end, modes);
    panel.drawButtons(unit, item, open, Boolean(state.pen));
    panel.press("flag", this.notes.isFlagged(unit));
  }

  // What the server says

  async saved(entry, html) {
    if (entry.url === this.panel.words.notes) return this.notes.taken(entry, html);
    const unit = this.byId.get(entry.unit);
    await htmx.swap({ text: html, target: `#answers-${unit.id}`, swap: "outerHTML", sourceElement: document.body });
    this.#drawAsItStands(unit);
  }

  /** Another window gave the same answer. */
  agreed(entry, value, version) {
    this.byId.get(entry.unit).adopt(entry.variable, value, version);
    this.putBack(entry);
  }

  /** Show the unit as it stands without the choice. */
  putBack(entry) {
    const unit = this.byId.get(entry.unit);
    this.#drawAsItStands(unit);
    return unit;
  }

  #drawAsItStands(unit) {
    unit.read();
    this.drawUnit(unit);
    this.panel.drawOnMap(unit, this.state.unit);
  }

  refused(entry, message) {
    const unit = this.putBack(entry);
    const here = unit === this.state.unit;
    if (here && entry.variable) this.show(this.book.question(entry.variable));
    // Whoever types on elsewhere is not thrown back: his next key would land on the wrong sentence.
    this.panel.say(here ? message : `${unit.index}: ${message}`);
  }

  conflictOf(unit) {
    return this.outbox.of(unit.id).find((entry) => entry.settle);
  }

  settle(keepMine) {
    const { unit } = this.state;
    const entry = this.conflictOf(unit);
    const { value, version } = document.getElementById("settle").firstElementChild.dataset;
    unit.adopt(entry.variable, JSON.parse(value), Number(version));
    this.outbox.settle(entry, keepMine, Number(version));
    unit.read();
    this.go(unit);
  }
}
