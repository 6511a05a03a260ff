// The codebook as the page asks it: which questions are put to a unit, in view of its answers, and whether it is done.

import { Question, isCannotTell, listOf, passes } from "./question.js";

export class Book {
  constructor(asks) {
    this.questions = [...asks].map((ask) => new Question(ask));
    this.conditions = new Map(this.questions.map((question) => [question.variable, question.condition]));
    this.source = this.questions.find((question) => question.part === "source");
  }

  /** The attributions of a unit. */
  items(unit) {
    return this.source?.scope === unit.scope ? listOf(unit.values[this.source.variable]) : [];
  }

  question(variable, part = "") {
    return this.questions.find((question) => question.variable === variable && (!part || question.part === part));
  }

  #isAsked(variable, values) {
    const condition = this.conditions.get(variable);
    return !condition || this.#holds(condition, values);
  }

  #holds(condition, values) {
    if (condition.all) return condition.all.every((part) => this.#holds(part, values));
    if (condition.any) return condition.any.some((part) => this.#holds(part, values));
    return this.#isAsked(condition.variable, values) && passes(condition, values[condition.variable]);
  }

  /** The questions to ask of a unit, in the order of the panel. `item` is the attribution in hand. */
  asked(unit, item = 0) {
    return this.questions.filter((question) => {
      if (question.scope !== unit.scope || !this.#isAsked(question.variable, unit.values)) return false;
      if (!question.part || question.part === "source") return true;
      const given = unit.values[question.variable];
      return question.part === "roles" ? Boolean(listOf(given)[item]?.source) : !given || given.length > 0;
    });
  }

  /** Whether a question can be answered now: manner and stance wait for their source. */
  isReady(question, unit, item = 0) {
    if (!question.part || question.part === "source") return true;
    return Boolean(listOf(unit.values[question.variable])[item]?.source);
  }

  /** Those that the flow stops at: the required ones, or all where none is required. */
  flow(unit, item = 0) {
    const asked = this.asked(unit, item);
    const required = asked.filter((question) => question.required);
    return required.length ? required : asked.filter((question) => !question.part || question.part !== "roles");
  }

  /** The answer to one question; undefined when there is none. */
  answer(question, unit, item = 0) {
    const value = unit.values[question.variable];
    if (!question.part || value === undefined) return value;
    if (question.part === "source") return isCannotTell(value) || !value.length ? value : value[item]?.source;
    const given = listOf(value)[item]?.[question.part === "roles" ? "spans" : question.part];
    return question.part === "roles" && !given?.length ? undefined : given ?? undefined;
  }

  /** Whether the question has no answer, or one that waits to be confirmed. */
  isOpen(question, unit, item = 0) {
    return unit.waiting.has(question.variable) || this.answer(question, unit, item) === undefined;
  }

  /** The first question of a unit whose answer waits to be confirmed. */
  waits(unit, item = 0) {
    return unit.waiting.size ? this.asked(unit, item).find((question) => unit.waiting.has(question.variable)) : undefined;
  }

  /** Whether the server counts the unit: the whole article only where an answer on it is required. */
  counts(unit) {
    return unit.scope !== "article" || this.questions.some((question) => question.scope === "article" && question.required);
  }

  /** As the server counts: every required question that is asked has its whole answer, and there is one at all. */
  isDone(unit) {
    const values = unit.confirmed;
    if (!Object.keys(values).length) return false;
    return this.asked({ scope: unit.scope, values }).every((question) => {
      if (unit.waiting.has(question.variable)) return false;
      if (!question.required) return true;
      const value = values[question.variable];
      if (value === undefined || !question.part || question.part === "source") return value !== undefined;
      return listOf(value).every((item) => item[question.part]);
    });
  }

  /** The attribution that still lacks something, else the first. */
  openItem(unit) {
    const parts = ["manner", "stance"].filter((part) => this.question(this.source?.variable, part));
    return Math.max(this.items(unit).findIndex((item) => parts.some((part) => !item[part])), 0);
  }

  firstOpen(unit, item) {
    const flow = this.flow(unit, item);
    return flow.find((question) => this.isOpen(question, unit, item)) ?? this.waits(unit, item) ?? flow[0] ?? null;
  }
}
