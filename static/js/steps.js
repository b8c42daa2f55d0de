// Lays a slider over the marks of a plan's time. The marks are links and work without this.
for (const list of document.querySelectorAll("[data-steps]")) slide(list);

function slide(list) {
  const links = [...list.querySelectorAll("a")];
  if (links.length < 3) return;
  const slider = document.createElement("input");
  const said = document.createElement("output");
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  Object.assign(slider, { type: "range", min: 0, max: links.length - 1, step: 1, value: at < 0 ? links.length - 1 : at, className: "time-steps__slider" });
  slider.setAttribute("aria-label", list.dataset.steps);
  said.className = "time-steps__said";
  list.before(slider, said);

  const chosen = () => links[slider.value];
  const tell = () => {
    slider.setAttribute("aria-valuetext", chosen().textContent.trim());
    said.textContent = slider.value === slider.defaultValue ? "" : list.dataset.hint.replace("…", chosen().textContent.trim());
  };
  const go = () => { if (slider.value !== slider.defaultValue) location.assign(chosen().href); };
  // The marks wrap where there is no room for a row: then there is nothing to slide along.
  const fit = () => {
    slider.hidden = list.firstElementChild.offsetTop !== list.lastElementChild.offsetTop;
    const width = list.offsetWidth / links.length;
    slider.style.width = `${list.offsetWidth - width + 18}px`;
    slider.style.marginLeft = `${width / 2 - 9}px`;
  };
  slider.defaultValue = slider.value;
  slider.addEventListener("input", tell);
  slider.addEventListener("pointerup", go);
  slider.addEventListener("keydown", (event) => { if (event.key === "Enter") go(); });
  addEventListener("resize", fit);
  // Back again by the browser's own button: the page that is shown is the one that is marked.
  addEventListener("pageshow", () => { slider.value = slider.defaultValue; tell(); });
  fit();
  tell();
}
