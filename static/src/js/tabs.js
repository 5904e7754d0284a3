// <div data-tabs><div class="tab-panel" id="a" data-tab="Facebook FR">…</div>…</div>: without script the panels stand
// under each other with their own headings; with it they become tabs (arrow keys, Home, End).
function select(tabList, chosen, { focus = true } = {}) {
  tabList.querySelectorAll("[role=tab]").forEach((tab) => {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
  });
  if (focus) chosen.focus();
}

function move(tabList, event) {
  const all = [...tabList.querySelectorAll("[role=tab]")];
  const at = all.indexOf(document.activeElement);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined || at < 0) return;
  event.preventDefault();
  select(tabList, all[(next + all.length) % all.length]);
}

function makeTab(panel) {
  const tab = document.createElement("button");
  tab.type = "button";
  tab.id = `${panel.id}-tab`;
  tab.textContent = panel.dataset.tab;
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", panel.id);
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", tab.id);
  panel.tabIndex = 0;
  return tab;
}

export function tabs(root) {
  root.querySelectorAll("[data-tabs]:not([data-tabs=ready])").forEach((group) => {
    const panels = [...group.querySelectorAll(":scope > [data-tab]")];
    if (panels.length < 2) return;
    group.dataset.tabs = "ready";
    const tabList = document.createElement("div");
    tabList.className = "tabs";
    tabList.setAttribute("role", "tablist");
    if (group.dataset.tabsName) tabList.setAttribute("aria-label", group.dataset.tabsName);
    tabList.append(...panels.map(makeTab));
    group.prepend(tabList);
    tabList.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) select(tabList, tab);
    });
    tabList.addEventListener("keydown", (event) => move(tabList, event));
    // A panel that holds an error, or that the address names, opens first.
    const first = panels.find(
      (panel) => panel.querySelector(".field-wrong, :target") || `#${panel.id}` === location.hash,
    );
    select(tabList, tabList.children[Math.max(panels.indexOf(first), 0)], { focus: false });
  });
}
