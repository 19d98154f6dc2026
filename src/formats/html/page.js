(() => {
  "use strict";
  const form = document.getElementById("filter");
  const count = document.getElementById("count");
  const programs = [...document.querySelectorAll("article.program")];
  const parts = [...document.querySelectorAll("[data-n]")];
  const groups = [
    ["section.case", "article.program:not([hidden])"],
    [".glance tbody tr", ".chip:not([hidden])"],
    ["section:has(> .problems)", ".problems > li:not([hidden])"],
  ].flatMap(([group, part]) => [...document.querySelectorAll(group)].map((found) => [found, part]));
  const keys = ["find", "verdict", "language", "case"];

  const apply = () => {
    const wanted = Object.fromEntries(keys.map((key) => [key, form.elements[key].value]));
    const words = wanted.find.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = new Set();
    for (const { dataset } of programs) {
      const fits = ["verdict", "language", "case"].every((key) => !wanted[key] || dataset[key] === wanted[key]);
      if (fits && words.every((word) => dataset.words.toLowerCase().includes(word))) shown.add(dataset.n);
    }
    for (const part of parts) part.hidden = !shown.has(part.dataset.n);
    const all = shown.size === programs.length;
    for (const [group, part] of groups) group.hidden = !all && !group.querySelector(part);
    count.value = all ? `${programs.length} programs` : `${shown.size} of ${programs.length} programs`;
    const query = new URLSearchParams(keys.filter((key) => wanted[key]).map((key) => [key, wanted[key]])).toString();
    try {
      history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
    } catch {
      // A page from a file may be refused its own address: then the filter is not part of the link.
    }
  };

  const reveal = () => {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // Not encoded by anybody: taken as it is.
    }
    const target = document.getElementById(id);
    if (!target || !target.matches("article.program")) return;
    if (target.hidden) {
      form.reset();
      apply();
    }
    target.querySelector("details").open = true;
    target.scrollIntoView();
    target.querySelector("summary").focus({ preventScroll: true });
  };

  const asked = new URLSearchParams(location.search);
  for (const key of keys) if (asked.has(key)) form.elements[key].value = asked.get(key);
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("hashchange", reveal);
  apply();
  reveal();
})();
