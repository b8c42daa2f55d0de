// Orders by dragging and by buttons without a round trip. Everything works without this.
for (const list of document.querySelectorAll("[data-order]")) order(list);

function order(list) {
  const said = document.querySelector("[data-order-said]");
  const rows = () => [...list.querySelectorAll("[data-order-row]")];
  let held = null;

  function renumber() {
    rows().forEach((row, at, all) => {
      row.querySelector('input[type="number"]').value = at + 1;
      row.querySelector('[data-order-move="up"]').toggleAttribute("aria-disabled", at === 0);
      row.querySelector('[data-order-move="down"]').toggleAttribute("aria-disabled", at === all.length - 1);
      for (const button of row.querySelectorAll('[aria-disabled=""]')) button.setAttribute("aria-disabled", "true");
    });
  }

  function tell(row) {
    const name = row.querySelector(".order__name").textContent.trim();
    said.textContent = `${name}: ${said.dataset.words} ${rows().indexOf(row) + 1}`;
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-order-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-order-row]");
    if (button.dataset.orderMove === "up" && row.previousElementSibling) row.previousElementSibling.before(row);
    if (button.dataset.orderMove === "down" && row.nextElementSibling) row.nextElementSibling.after(row);
    renumber();
    button.focus();
    tell(row);
  });

  for (const row of rows()) {
    row.querySelector("[data-order-grip]").hidden = false;
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      if (event.target.closest?.("input")) return event.preventDefault();
      held = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      row.classList.add("order__row--held");
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("order__row--held");
      held = null;
      renumber();
      tell(row);
    });
  }

  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-order-row]");
    if (!held || !over || over === held) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    event.clientY < box.top + box.height / 2 ? over.before(held) : over.after(held);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
}
