// The bulk bar tells how many are chosen and is away while none is. <form data-selection> holds both.
export function selection(root) {
  root.querySelectorAll("form[data-selection]").forEach((form) => {
    const bar = form.querySelector(".bulk-bar");
    if (!bar) return;
    const show = () => {
      const chosen = form.querySelectorAll("input[type=checkbox][name=chosen]:checked").length;
      bar.dataset.selected = String(chosen);
      const words = bar.querySelector("[data-selected-words]");
      if (words) words.textContent = words.dataset.selectedWords.replace("{n}", chosen);
    };
    form.addEventListener("change", show);
    show();
  });
}
