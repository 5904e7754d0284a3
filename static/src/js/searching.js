// Ctrl K (⌘ K) from anywhere: the page of the search, or its field where one is there already.
export function searching() {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const way = document.querySelector("[data-search-way]");
    if (!way) return;
    event.preventDefault();
    const field = document.querySelector("[data-search]");
    if (field) field.select();
    else way.click();
  });
}
