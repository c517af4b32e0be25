// The browser's back button shows the address of an earlier step, that does not hold the answers given since.
// The tab remembers the last address of each journey, and going back or forward then keeps every answer.
// Without this script, each step still works, and each address keeps the answers that it holds.

const page = document.querySelector("[data-journey]");

function remember() {
  try {
    sessionStorage.setItem(page.dataset.journey, page.dataset.state);
  } catch {
    // The browser keeps nothing: the address is enough.
  }
}

function catchUp() {
  let last = null;
  try {
    last = sessionStorage.getItem(page.dataset.journey);
  } catch {
    return;
  }
  if (last && last !== page.dataset.state) {
    location.replace(location.href.replace(page.dataset.state, last));
  }
}

if (page) {
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation?.type === "back_forward") {
    catchUp();
  } else {
    remember();
  }
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      catchUp();
    }
  });
}
