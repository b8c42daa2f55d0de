// My updates, with JavaScript: what is typed survives a lost connection and an ended session.
//
// Each form is copied to this browser's own storage while it is typed in, and the copy goes once
// the server has confirmed a draft or a save. Everything else htmx and plain forms do.

const FORMS = "form[data-keep]";
const SKIPPED = new Set(["csrfmiddlewaretoken", "form_of", "return_to", "alone", "seen"]);

/** Where the copy of a form lies: by its author, so that nobody else is shown it. */
const keyOf = (form) => `updates:${form.elements.form_of.value}:${form.dataset.keep}`;

/** The fields of a form that somebody can type in. */
const valuesOf = (form) => {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || SKIPPED.has(field.name) || field.type === "submit") continue;
    if (field.type === "radio") {
      if (field.checked) values[field.name] = field.value;
    } else if (field.type === "checkbox") values[field.name] = field.checked;
    else values[field.name] = field.value;
  }
  return values;
};

/** Say something beside the buttons of a form, in the words that the page brought along. */
const say = (form, name) => {
  const place = form.querySelector(".update__draft");
  const words = document.getElementById("updates-words");
  if (!place || !words) return;
  place.textContent = words.dataset[name];
  place.classList.toggle("update__draft--lost", name !== "restored");
};

const store = {
  put(form) {
    const copy = { values: valuesOf(form), seen: form.elements.seen.value };
    try {
      localStorage.setItem(keyOf(form), JSON.stringify(copy));
    } catch {
      // A full or forbidden storage: the draft on the server is what there is.
    }
  },
  get(form) {
    try {
      return JSON.parse(localStorage.getItem(keyOf(form)));
    } catch {
      return null;
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  },
};

/** Put the copy of a form back into it, if there is one that says something else. */
const restore = (form) => {
  const copy = store.get(form);
  if (!copy) return;
  if (JSON.stringify(copy.values) === JSON.stringify(valuesOf(form))) {
    store.drop(keyOf(form));
    return;
  }
  for (const [name, value] of Object.entries(copy.values)) {
    const field = form.elements[name];
    if (!field) continue;
    if (field instanceof RadioNodeList) field.value = value;
    else if (field.type === "checkbox") field.checked = value;
    else field.value = value;
  }
  form.elements.seen.value = copy.seen;
  say(form, "restored");
};

const formOf = (element) => element.closest?.(FORMS);
/** The form that a request came from, which the answer may have taken off the page by now. */
const senderOf = ({ elt, requestConfig }) => formOf(requestConfig?.elt ?? elt);

document.addEventListener("input", ({ target }) => {
  const form = formOf(target);
  if (form) store.put(form);
});

/** The path that was asked for, and the one that answered: another one is the sign-in page. */
const pathsOf = ({ xhr, requestConfig }) => ({
  asked: new URL(requestConfig.path, location.href).pathname,
  came: xhr.responseURL && new URL(xhr.responseURL).pathname,
});

// A draft or an update that the server has taken needs no copy here; a preview is neither.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = senderOf(detail);
  if (!form || !detail.successful || detail.xhr.status >= 300) return;
  const { asked, came } = pathsOf(detail);
  if (came !== asked || !/\/(save|draft)\/$/.test(asked)) return;
  form.querySelector(".update__draft")?.classList.remove("update__draft--lost");
  store.drop(keyOf(form));
});

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, ({ detail }) => {
    const form = senderOf(detail);
    if (form) say(form, "offline");
  });
}

// The connection is back: what lies here goes to the server as a draft.
window.addEventListener("online", () => {
  for (const form of document.querySelectorAll(FORMS)) {
    if (store.get(form)) window.htmx?.trigger(form.querySelector(".update__draft"), "keep");
  }
});

// The session has ended: the answer is the sign-in page. Who saves is led there, and back; who is
// still typing is told so, and goes on.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { asked, came } = pathsOf(event.detail);
  if (!came || came === asked) return;
  event.detail.shouldSwap = false;
  const form = formOf(event.detail.elt);
  if (form && form !== event.detail.elt) say(form, "away");
  else location.assign(event.detail.xhr.responseURL);
});

// The count in the menu follows the head of the page.
document.addEventListener("htmx:afterSettle", () => {
  const head = document.getElementById("updates-head");
  const count = document.querySelector('.site-menu a[href="/updates/"] .site-menu__count');
  if (head && count) {
    count.textContent = head.dataset.toGo;
    count.hidden = head.dataset.toGo === "0";
  }
});

document.querySelectorAll(FORMS).forEach(restore);
