// In whose voice marked words stand, and how a sentence quotes. core.spans has the same rule of the voice.

// Paired marks, then straight ones. A single quote inside a word is an apostrophe. Lines end a quotation.
const WORD = "[\\p{L}\\p{N}_]";
const PAIRED = '“[^“”\\n]*”|„[^„“\\n]*“|«[^«»\\n]*»|"[^"\\n]*"';
const SINGLE = `‘[^‘\\n]*?’(?!${WORD})|(?<!${WORD})'[^'\\n]*(?:${WORD}'${WORD}[^'\\n]*)*'(?!${WORD})`;
const QUOTED = new RegExp(`${PAIRED}|${SINGLE}`, "gu");
const MOST_SCARED_WORDS = 2;

/** Whether one stretch {from, to} lies wholly in another. */
export const contains = (outer, inner) => outer.from <= inner.from && inner.to <= outer.to;
const countWords = (text) => text.split(/\s+/u).filter(Boolean).length;

/** What stands between quotation marks, without the marks: {from, to}. */
export function quotations(text) {
  return [...text.matchAll(QUOTED)].map((found) => ({ from: found.index + 1, to: found.index + found[0].length - 1 }));
}

/** Quotations of more than one or two words. */
export function longQuotations(text) {
  return quotations(text).filter(({ from, to }) => countWords(text.slice(from, to)) > MOST_SCARED_WORDS);
}

/** own_words, attributed, quoted or scare_quotes. `contents` are the content spans of the sentence's attributions. */
export function voiceOf(span, text, contents) {
  const around = quotations(text).find((part) => contains(part, span));
  if (!around) return merged(contents).some((part) => contains(part, span)) ? "attributed" : "own_words";
  const holdsContent = contents.some((part) => contains(around, part));
  const words = countWords(text.slice(around.from, around.to));
  return holdsContent || words > MOST_SCARED_WORDS ? "quoted" : "scare_quotes";
}

function merged(parts) {
  const found = [];
  for (const part of [...parts].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (found.length && part.from <= found.at(-1).to) found.at(-1).to = Math.max(found.at(-1).to, part.to);
    else found.push({ ...part });
  }
  return found;
}

/**
 * How the sentence quotes: direct (a clause of somebody's, which opens the sentence or follows a colon or comma),
 * partial (some words of his), scare (one or two words), or empty.
 */
export function quotationOf(text) {
  const found = quotations(text).map(({ from, to }) => ({ words: text.slice(from, to), before: text.slice(0, from - 1).trim() }));
  const long = found.filter(({ words }) => countWords(words) > MOST_SCARED_WORDS);
  const isClause = ({ words, before }) => !/^\P{L}*\p{Ll}/u.test(words) && (!before || /[:,،]$/u.test(before));
  if (long.some(isClause)) return "direct";
  return long.length ? "partial" : found.length ? "scare" : "";
}

// Where the words of a source that follows its cue begin: at a colon or a word like "that", else at a quotation mark.
const OPENING = /\s*:|\s(?:ب?[أإ]ن(?:ه|ها|هم|هما|هن|نا|ي)?|that|que|dass|что)(?=\s)/u;

/**
 * Source, cue and content of a sentence, told by the place of its cue {from, to}: what is quoted before it, else what
 * follows it, is the content; the other side of the cue is the source, up to the next comma. Where the cue comes first,
 * as verbs do in Arabic, the source stands between it and the content.
 */
export function partsAround(text, cue) {
  const quoted = longQuotations(text).filter((part) => part.to <= cue.from);
  if (!quoted.length && !/\p{L}/u.test(text.slice(0, cue.from))) return verbFirst(text, cue);
  if (!quoted.length) return { source: lastClause(text, cue.from), cue, content: { from: cue.to, to: text.length } };
  const content = { from: quoted[0].from, to: quoted.at(-1).to };
  const between = { from: content.to, to: cue.from };
  const source = /\p{L}/u.test(text.slice(between.from, between.to)) ? between : firstClause(text, cue.to);
  return { source, cue, content };
}

function verbFirst(text, cue) {
  const after = text.slice(cue.to);
  const opening = OPENING.test(after) ? after.search(OPENING) : after.search(/\s["“«‘]/u);
  const to = opening < 0 ? cue.to : cue.to + opening;
  return { source: { from: cue.to, to }, cue, content: { from: to, to: text.length } };
}

function lastClause(text, end) {
  const before = text.slice(0, end).trimEnd();
  const cut = before.replace(/[,،]$/u, "").search(/[^,;:،؛]*$/u);
  return { from: cut, to: end };
}

function firstClause(text, start) {
  const after = text.slice(start).search(/[,.;:،؛]/u);
  return { from: start, to: after < 0 ? text.length : start + after };
}
