// The grid of values, made shorter to fill in: paste a block, hear at once what is unusual, keep
// what is typed. Without this file everything works through the form itself.

const KEEP_AFTER = 900;
const AGAIN_AFTER = 5000;
const timers = new WeakMap();

const sectionOf = (element) => element?.closest?.("[data-values]");
const statusOf = (section) => section.querySelector("[data-status]");
const rowsOf = (section) => [...section.querySelectorAll("[data-row]")];
const fieldOf = (row, name) => row.querySelector(`[name="${name}.${row.dataset.row}"]`);
const textOf = (row, name) => fieldOf(row, name)?.value.trim() ?? "";

function say(section, words) {
  const status = statusOf(section);
  if (status && status.textContent !== words) status.textContent = words;
}

// "Save 2 values": a row counts once it has a value, or a reason why there is none.
function count(section) {
  const button = section.querySelector("[data-save]");
  if (!button) return;
  const filled = rowsOf(section).filter((row) => textOf(row, "value") || textOf(row, "missing"));
  const { one, many, none } = section.dataset;
  button.textContent =
    filled.length === 0 ? none : filled.length === 1 ? one : many.replace("%n", filled.length);
}

// ── Paste ───────────────────────────────────────────────────────────────────────────────────

function paste(event) {
  const input = event.target;
  const section = sectionOf(input);
  const text = event.clipboardData?.getData("text") ?? "";
  if (!section || !input.dataset.column || !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  const columns = ["value", "note"];
  const rows = rowsOf(section).filter((row) => fieldOf(row, "value"));
  const first = rows.indexOf(input.closest("[data-row]"));
  const column = columns.indexOf(input.dataset.column);
  let placed = 0;
  lines.forEach((line, at) => {
    const row = rows[first + at];
    if (!row) return;
    placed += 1;
    line.split("\t").forEach((cell, across) => {
      const field = columns[column + across] && fieldOf(row, columns[column + across]);
      if (field && cell.trim()) field.value = cell.trim();
    });
  });
  changed(section);
  const left = lines.length - placed;
  const words = [section.dataset.pasted.replace("%n", placed)];
  if (left > 0) words.push(section.dataset.left.replace("%n", left));
  say(section, words.join(" "));
}

// ── Keep what is typed, and hear what would be asked ────────────────────────────────────────

function changed(section) {
  count(section);
  clearTimeout(timers.get(section));
  timers.set(section, setTimeout(() => keep(section), KEEP_AFTER));
}

async function keep(section) {
  const form = section.querySelector("form[method=post]");
  if (!form || !section.isConnected) return;
  const sent = new FormData(form);
  sent.delete("pasted");
  try {
    const answer = await fetch(section.dataset.draft, {
      method: "POST",
      body: sent,
      redirect: "manual",
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      remember(form, sent);
      say(section, section.dataset.away);
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const { saved, rows } = await answer.json();
    if (!section.isConnected) return;
    forget(form);
    rowsOf(section).forEach((row) => tell(section, row, sent, rows[row.dataset.row]));
    say(section, saved);
  } catch {
    remember(form, sent);
    say(section, section.dataset.offline);
    timers.set(section, setTimeout(() => keep(section), AGAIN_AFTER));
  }
}

function tell(section, row, sent, said) {
  const box = row.querySelector("[data-doubt]");
  if (!box || sent.get(`value.${row.dataset.row}`) !== fieldOf(row, "value")?.value) return;
  const problems = Object.values(said?.problems ?? {});
  const doubts = said?.doubts ?? [];
  const typed = textOf(row, "value");
  row.querySelector("[data-problems]").replaceChildren(
    ...problems.map((words) => {
      const line = document.createElement("p");
      line.className = "usa-error-message";
      line.textContent = words;
      return line;
    }),
  );
  fieldOf(row, "value").toggleAttribute("aria-invalid", Boolean(said?.problems?.value));
  if (said?.problems?.value) fieldOf(row, "value").setAttribute("aria-invalid", "true");
  box.hidden = doubts.length === 0;
  box.querySelector("[data-doubts]").textContent = doubts.join(" ");
  const tick = fieldOf(row, "sure");
  if (tick.value !== typed) {
    tick.value = typed;
    tick.checked = false;
  }
  box.querySelector("[data-sure-words]").textContent = section.dataset.sure.replace("%v", typed);
  const line = row.querySelector(".value-said");
  const both = row.classList.contains("value-row--conflict");
  if (line) line.hidden = !both && problems.length === 0 && doubts.length === 0;
}

// ── What no server has taken yet lies in this browser, for its author alone ─────────────────

const keyOf = (form) => `values:${form.elements.form_of.value}:${form.getAttribute("action")}`;

function remember(form, sent) {
  const typed = [...sent].filter(([name]) => name.includes(".") && !name.startsWith("seen."));
  try {
    localStorage.setItem(keyOf(form), JSON.stringify(typed));
  } catch {
    // A full or forbidden storage: what is typed stays on the page.
  }
}

function forget(form) {
  try {
    localStorage.removeItem(keyOf(form));
  } catch {
    // Nothing was kept.
  }
}

function restore(section) {
  const form = section.querySelector("form[method=post]");
  let typed = null;
  try {
    typed = form && JSON.parse(localStorage.getItem(keyOf(form)));
  } catch {
    return;
  }
  if (!typed) return;
  for (const [name, text] of typed) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = text;
  }
  changed(section);
}

// ── The page ────────────────────────────────────────────────────────────────────────────────

// Enter goes down the column, as in a spreadsheet; from the last row it reaches the button.
function downTheColumn(event) {
  const { column } = event.target.dataset;
  const section = sectionOf(event.target);
  if (event.key !== "Enter" || !column || !section) return;
  event.preventDefault();
  const fields = [...section.querySelectorAll(`[data-column="${column}"]`)];
  (fields[fields.indexOf(event.target) + 1] ?? section.querySelector("[data-save]"))?.focus();
}

function opened(root) {
  root.querySelectorAll("[data-values]").forEach(count);
  if (root.matches?.("[data-values]")) count(root);
  root.querySelector(".error-summary")?.focus();
}

document.addEventListener("paste", paste);
document.addEventListener("keydown", downTheColumn);
document.addEventListener("input", (event) => {
  const section = sectionOf(event.target);
  if (section && event.target.name !== "pasted") changed(section);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "values") return;
  const fresh = document.getElementById("values");
  opened(fresh);
  if (!fresh.querySelector(".error-summary")) {
    const said = fresh.querySelector(".values__notice");
    said?.setAttribute("tabindex", "-1");
    said?.focus();
  }
});
// The session has ended: the answer is the sign-in page. Go there; what was sent waits behind it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig, target } = event.detail;
  if (target?.id !== "values" || !xhr.responseURL) return;
  if (new URL(xhr.responseURL).pathname === new URL(requestConfig.path, location.href).pathname) return;
  event.detail.shouldSwap = false;
  location.assign(xhr.responseURL);
});
document.addEventListener("htmx:sendError", (event) => {
  const section = sectionOf(event.target);
  if (section) keep(section);
});
opened(document);
document.querySelectorAll("[data-values]").forEach(restore);
