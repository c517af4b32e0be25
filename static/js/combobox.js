// A text field that proposes places while one types (ARIA combobox with a listbox). Focus stays in the field.
// <div class="combo" data-combobox="/address/of/the/options/"> around the input; with data-combobox-go, choosing
// opens its page, otherwise it fills the hidden fields; data-combobox-label names the list, data-combobox-none says
// that there is nothing to propose. Without this script the form still works.

const DELAY = 200;
const NONE = "Aucune collectivité de ce nom. Vérifiez l’orthographe, ou tapez le code postal.";

for (const combo of document.querySelectorAll("[data-combobox]")) {
  enhance(combo);
}

function enhance(combo) {
  const input = combo.querySelector("input:not([type=hidden])");
  const list = create("div", { className: "combo__list", id: `${input.id}_liste`, hidden: true });
  const status = create("p", { className: "visually-hidden" });
  let active = -1;
  let timer = 0;
  let pending = null;

  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", combo.dataset.comboboxLabel ?? "Collectivités proposées");
  status.setAttribute("role", "status");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.after(list);
  // There before it says anything, as screen readers ask, but not before somebody comes.
  input.addEventListener("focus", () => list.after(status), { once: true });

  const options = () => [...list.querySelectorAll("[role=option]")];

  function tell(text, seen = false) {
    status.textContent = text;
    status.className = seen ? "hint" : "visually-hidden";
  }

  function open() {
    list.hidden = options().length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function close() {
    clearTimeout(timer);
    pending?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function activate(index) {
    active = index;
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    const option = options()[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function move(step) {
    const count = options().length;
    if (list.hidden) open();
    if (!list.hidden) activate((active < 0 && step < 0 ? count - 1 : active + step + count) % count);
  }

  function remember(key, label) {
    const candidates = combo.querySelector("[data-combobox-candidates]");
    let field = combo.querySelector("[data-combobox-key]");
    if (candidates) {
      field = create("input", { type: "hidden", name: candidates.querySelector("input").name });
      field.dataset.comboboxKey = "";
      candidates.replaceWith(field);
    }
    if (!field) return;
    field.value = key;
    combo.querySelector("[data-combobox-offered]").value = label;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function choose(option) {
    const { key, label, address } = option.dataset;
    close();
    input.value = label;
    if ("comboboxGo" in combo.dataset) {
      location.assign(address);
      return;
    }
    remember(key, label);
    tell(`${label}, choisi.`);
  }

  async function propose() {
    const text = input.value.trim();
    pending?.abort();
    pending = new AbortController();
    const { signal } = pending;
    try {
      const address = new URL(combo.dataset.combobox, location);
      address.searchParams.set("q", text);
      const response = await fetch(address, { headers: { Accept: "text/html" }, signal });
      if (!response.ok) throw new Error(response.status);
      list.innerHTML = await response.text();
    } catch {
      if (!signal.aborted) close();
      return;
    }
    const count = options().length;
    options().forEach((option, place) => {
      option.id = `${list.id}_${place}`;
    });
    activate(-1);
    open();
    if (count) {
      tell(`${count} proposition${count > 1 ? "s" : ""}. Flèches pour parcourir, Entrée pour choisir.`);
    } else {
      tell(combo.dataset.comboboxNone ?? NONE, true);
    }
  }

  input.addEventListener("input", () => {
    remember("", "");
    clearTimeout(timer);
    if (input.value.trim()) {
      timer = setTimeout(propose, DELAY);
    } else {
      close();
      tell("");
    }
  });

  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      choose(options()[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });

  // The field keeps the focus while the mouse chooses.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  input.addEventListener("blur", close);
  input.form?.addEventListener("submit", close);
}

function create(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
