// The list of experiences without page loads: htmx sends the form and puts the answer in its place. What is left to us:
// short addresses, filters that stay as they were opened, where the focus goes, and a failure that is told.
// Without this script, and without htmx, the form and the links load pages.

const form = document.querySelector("[data-finder]");
const failure = document.getElementById("panne");
let opened = new Map();
let isChanged = false;

// Whoever only reads does not load htmx: it comes when a hand or the focus comes near.
for (const name of ["pointerover", "pointerdown", "focusin"]) {
  form.addEventListener(name, load, { once: true });
}

// What was changed before it came is sent when it has come. A form sent or a link followed before then loads a page.
form.addEventListener("input", () => {
  isChanged = true;
  load(); // a voice, or a browser that fills forms, changes a field without coming near
});

function load() {
  if (document.querySelector("script[data-htmx]")) return;
  if (document.readyState !== "complete") {
    addEventListener("load", load, { once: true });
    return;
  }
  const script = document.createElement("script");
  script.dataset.htmx = "";
  script.src = form.dataset.finder;
  script.addEventListener("load", () => {
    if (isChanged) form.dispatchEvent(new Event("change"));
  });
  script.addEventListener("error", () => script.remove()); // the next change asks for it again
  document.head.append(script);
}

// Going back once loads the page, hence without htmx until it is needed: going back once more is left to us.
addEventListener("popstate", (event) => {
  if (event.state?.htmx && !document.querySelector("script[data-htmx]")) location.reload();
});

form.addEventListener("htmx:configRequest", (event) => {
  // What is half typed is no search that somebody made.
  if (event.detail.triggeringEvent?.type === "input") event.detail.headers["X-Typing"] = "true";
  const data = event.detail.formData;
  for (const name of new Set(data.keys())) {
    const kept = data.getAll(name).filter((value) => value !== "");
    data.delete(name);
    kept.forEach((value) => data.append(name, value));
  }
});

document.body.addEventListener("htmx:beforeSwap", () => {
  opened = new Map([...form.querySelectorAll("#filtres details")].map((details) => [details.id, details.open]));
});

document.body.addEventListener("htmx:afterSwap", () => {
  for (const [id, open] of opened) {
    document.getElementById(id)?.toggleAttribute("open", open);
  }
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const link = event.detail.requestConfig?.elt.closest?.("a");
  if (!link) return;
  // The link is gone with the page that it was on: reading goes on from the number of results.
  const heading = document.getElementById("nombre");
  heading.focus({ preventScroll: true });
  if (link.closest(".pagination")) heading.scrollIntoView();
});

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => {
    failure.hidden = false;
  });
}

document.body.addEventListener("htmx:afterOnLoad", () => {
  failure.hidden = true;
});
