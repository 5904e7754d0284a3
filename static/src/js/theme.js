// Light, dark or the system's: changed at once, kept in a cookie that the server reads for the next page.
const YEAR = 365 * 24 * 3600;

export function theme() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-theme-switch]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const chosen = event.submitter.value;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${chosen}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
    if (chosen === "auto") delete document.documentElement.dataset.bsTheme;
    else document.documentElement.dataset.bsTheme = chosen;
    form.querySelectorAll("button").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    });
    const menu = form.closest("details.menu");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
