// Shows what is being written as it would be read, above the field, without loading the page.
// <button type="submit" data-preview="/address/"> in a form that holds an element #apercu. Without this script, or when
// the answer does not come (the session ended), the button sends the form, which comes back with the same preview.

for (const button of document.querySelectorAll("[data-preview]")) {
  const place = document.getElementById("apercu");
  let isRefused = false;

  button.addEventListener("click", async (event) => {
    if (isRefused) return;
    event.preventDefault();
    try {
      const response = await fetch(button.dataset.preview, { method: "POST", body: new FormData(button.form) });
      if (!response.ok) throw new Error(response.status);
      place.innerHTML = await response.text();
      place.scrollIntoView({ block: "nearest" });
    } catch {
      isRefused = true;
      button.click();
    }
  });
}
