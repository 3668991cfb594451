// A row that leaves its list takes the focus with it; the row that then stands in its place gets it.
(() => {
  const rows = () => [...document.querySelectorAll("[data-row]")];
  let place = -1;
  document.addEventListener("htmx:beforeSwap", () => {
    place = rows().indexOf(document.activeElement?.closest("[data-row]"));
  });
  document.addEventListener("htmx:afterSettle", () => {
    const row = rows().at(Math.min(place, rows().length - 1));
    if (place >= 0 && document.activeElement === document.body) row?.querySelector("a")?.focus({ preventScroll: true });
  });
})();
