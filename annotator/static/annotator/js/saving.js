// What the page says of saving: saved, waiting, two answers to settle, answers that were not taken.

const CLOCK = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** A choice in words, for the day when it is shown without its article. */
export function told(panel, unit, variable, value) {
  const { article } = panel.words;
  const question = panel.book.question(variable).rules.label;
  return { article, sentence: unit.index, question, answer: panel.wording.inWords(variable, value) };
}

const TONES = { waiting: "doubt", offline: "offline", settle: "bad", signin: "bad", aside: "bad" };
const ICONS = { saved: "check", waiting: "clock", offline: "offline" };

const opened = new Set();

/** The page of the article that a choice belongs to, at its sentence. */
const placeOf = (entry) => `${entry.url.replace(/(save|note)\/$/, "")}#u${entry.told?.sentence ?? ""}`;

/** The line in the bar: saved, or how many wait and why; and what was set aside, in the panel. */
export function showState({ name, count, settle, aside }) {
  const line = document.getElementById("save");
  line.className = `save ${TONES[name] ?? ""}`.trim();
  line.querySelector("use").setAttribute("href", `#${ICONS[name] ?? "warning"}`);
  line.querySelector("span").textContent = line.dataset[name].replace("#", count);
  document.getElementById("signin").hidden = name !== "signin";
  const link = document.getElementById("to-settle");
  link.hidden = !["settle", "aside"].includes(name);
  if (settle.length) link.href = placeOf(settle[0]);
  else link.href = "#kept";
  showAside(aside);
}

/** The server's question which of two answers holds. Of several of mine the last one would hold, so it is shown. */
export async function showSettle(panel, entry, last) {
  const place = document.getElementById("settle");
  if (place.dataset.event === (last?.event ?? "")) return;
  place.dataset.event = last?.event ?? "";
  if (!entry) return place.replaceChildren();
  await htmx.swap({ text: entry.settle, target: place, swap: "innerHTML", sourceElement: place });
  const mine = place.querySelector('[data-keep="mine"]');
  if (entry !== last) mine.querySelector("bdi").textContent = panel.wording.inWords(last.variable, last.value);
  mine.querySelector("time").dateTime = last.time;
  for (const time of place.querySelectorAll("time")) time.textContent = CLOCK.format(new Date(time.dateTime));
}

function showAside(entries) {
  const place = document.getElementById("kept");
  const events = entries.map((entry) => entry.event).join(" ");
  if (place.dataset.events === events) return;
  place.dataset.events = events;
  for (const group of place.children) opened[group.open ? "add" : "delete"](group.dataset.url);
  const groups = Object.values(Object.groupBy(entries, (entry) => `${entry.url} ${entry.aside}`));
  place.replaceChildren(...groups.map((group) => asideGroup(group)));
}

function asideGroup(entries) {
  const [{ url, aside }] = entries;
  const group = document.getElementById("kept-group").content.firstElementChild.cloneNode(true);
  group.dataset.url = url;
  group.open = opened.has(url);
  const head = group.querySelector("b");
  head.textContent = head.textContent.replace("#", entries.length);
  group.querySelector("summary span").textContent = aside;
  group.querySelector("[data-again]").dataset.again = url;
  const list = group.querySelector("ul");
  const row = list.firstElementChild;
  list.replaceChildren(...entries.map((entry) => asideRow(row.cloneNode(true), entry)));
  return group;
}

function asideRow(row, entry) {
  const { article, sentence = "", question = entry.variable, answer = JSON.stringify(entry.value) } = entry.told ?? {};
  const link = row.querySelector("a");
  link.href = placeOf(entry);
  link.querySelector("b").textContent = link.pathname === location.pathname ? sentence : `${article} · ${sentence}`;
  row.querySelector("bdi").textContent = `${question}: ${answer}`;
  row.querySelector("[data-give-up]").dataset.giveUp = entry.event;
  return row;
}
