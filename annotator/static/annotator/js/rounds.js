// A new round: its purpose says how articles are dealt and whether there are hints, until somebody chooses by hand;
// whoever writes into a field means the choice that it stands beside.
const purpose = document.getElementById("purpose");
const hints = document.querySelector("[name=hints]");
const byHand = new Set();

for (const name of ["hints", "deal"])
  for (const input of document.querySelectorAll(`[name=${name}]`)) input.addEventListener("change", () => byHand.add(name));

purpose.addEventListener("change", () => {
  const { deal, hints: hinted } = purpose.selectedOptions[0].dataset;
  if (!byHand.has("hints")) hints.checked = Boolean(hinted);
  if (!byHand.has("deal")) document.querySelector(`[name=deal][value=${deal}]`).checked = true;
  showFields();
});

/** What is asked for some purposes alone. */
function showFields() {
  for (const part of document.querySelectorAll("[data-purpose]")) part.hidden = !part.dataset.purpose.split(" ").includes(purpose.value);
}
showFields();

for (const [field, choice] of [["number", "amount"], ["part", "amount"], ["overlap", "deal"], ["double", "deal"]])
  document.querySelector(`[name=${field}].few`).addEventListener("input", ({ target }) => {
    target.closest("div").querySelector(`[name=${choice}]`).checked = true;
    byHand.add(choice);
  });
for (const box of document.querySelectorAll("[name=articles]"))
  box.addEventListener("change", () => (document.querySelector("[name=from][value=hand]").checked = true));
