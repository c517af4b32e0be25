// Asking a question. Without this script each step still works: it only says sooner what the next page would say.

// Step 1: whether the desk is open to a place, as soon as it is chosen.
const places = document.querySelector("[data-verdict]");
places?.addEventListener("change", async ({ target }) => {
  if (!["collectivity_cle", "membership"].includes(target.name)) return;
  const here = places.querySelector("[data-verdict-here]");
  const address = `${places.dataset.verdict}?${new URLSearchParams({ cle: target.value })}`;
  const response = target.value ? await fetch(address).catch(() => null) : null;
  here.innerHTML = response?.ok ? await response.text() : "";
});

// Step 2: what was typed is kept, and what may already answer is shown.
const PAUSE = 700; // these names are shared with the other scripts of a page
const question = document.querySelector("[data-near]");
let kept = "";
let timer = 0;
let pending = null;

function typed() {
  const data = new FormData(question);
  [...data].forEach(([name, value]) => value instanceof File && data.delete(name));
  return new URLSearchParams(data);
}

async function keep(here) {
  const body = typed();
  if (String(body) === kept) return;
  kept = String(body);
  pending?.abort();
  pending = new AbortController();
  const response = await fetch(question.dataset.near, { method: "POST", body, signal: pending.signal }).catch(() => null);
  if (response?.status !== 200 || here.querySelector("details[open]")) return;
  const found = document.createRange().createContextualFragment(await response.text());
  const [told] = here.querySelectorAll("[data-told]");
  told.textContent = found.querySelector("[data-told]").textContent; // the same element, for screen readers to tell it
  here.replaceChildren(told, ...found.querySelectorAll("details"));
}

if (question) {
  const here = document.querySelector("[data-near-here]");
  kept = String(typed());
  question.querySelector("[data-without-script]").hidden = true;
  question.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE, here);
  });
  question.addEventListener("submit", () => {
    clearTimeout(timer);
    pending?.abort();
    kept = String(typed());
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || String(typed()) === kept) return;
    fetch(question.dataset.near, { method: "POST", body: typed(), keepalive: true });
  });
}

for (const area of document.querySelectorAll("[data-longest]")) {
  const most = Number(area.dataset.longest);
  const count = Object.assign(document.createElement("span"), { className: "hint", id: `${area.id}_compte` });
  const number = new Intl.NumberFormat("fr-FR");
  const tell = () => {
    const left = most - area.value.length;
    count.textContent =
      left >= 0
        ? `Il reste ${number.format(left)} caractères sur ${number.format(most)}.`
        : `${number.format(-left)} caractères de trop sur ${number.format(most)}.`;
  };
  area.after(count);
  area.setAttribute("aria-describedby", `${area.getAttribute("aria-describedby") ?? ""} ${count.id}`.trim());
  area.addEventListener("input", tell);
  tell();
}
