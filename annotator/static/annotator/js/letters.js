// Letters and digits as keys: which one was pressed, and whether they are to act at all.

const LETTERS = "annotator.letters";

/** The letter or digit of a key, by its place on the keyboard where the layout gives no Latin letter; else empty. */
export function legend(event) {
  if (/^[a-z0-9]$/i.test(event.key)) return event.key.toLowerCase();
  const [, digit] = /^(?:Digit|Numpad)(\d)$/.exec(event.code) ?? [];
  if (digit) return digit;
  const [, letter] = /^Key([A-Z])$/.exec(event.code) ?? [];
  return letter && /\p{L}/u.test(event.key) ? letter.toLowerCase() : "";
}

/** What was chosen on the list of keys, kept in this browser where it lets us. */
export function remembered() {
  try {
    return localStorage.getItem(LETTERS) !== "off";
  } catch {
    return true;
  }
}

export function remember(on) {
  try {
    localStorage.setItem(LETTERS, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing asks again on the next page.
  }
}
