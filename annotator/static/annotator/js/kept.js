// The draft of the boundaries page as this tab keeps it, for when the page is lost: a crash, a session that ended.

/** The edits kept for this text version, or none. */
export function keptEdits(address, base) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(address));
    return kept?.base === base ? kept.edits : "[]";
  } catch {
    return "[]";
  }
}

export function keepEdits(address, base, edits) {
  try {
    sessionStorage.setItem(address, JSON.stringify({ base, edits }));
  } catch {
    // A browser that keeps nothing still warns before the page is left.
  }
}
