// A new round: its purpose ticks or unticks the hints, until somebody does it by hand.
const purpose = document.getElementById("purpose");
const hints = document.querySelector("[name=hints]");
let byHand = hints.checked;

hints.addEventListener("change", () => (byHand = true));
purpose.addEventListener("change", () => {
  if (!byHand) hints.checked = hints.dataset.on.split(" ").includes(purpose.value);
});
