// Upgrades <time datetime data-relative> from the absolute text to "4 minutes ago" and keeps it true.
(() => {
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const say = (time) => {
    const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
    if (Math.abs(seconds) > 7 * 86400) return;
    const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) || ["second", 1];
    time.textContent = Math.abs(seconds) < 10 ? "just now" : words.format(Math.round(seconds / size), unit);
  };
  const sweep = (root) => root.querySelectorAll("time[data-relative]").forEach(say);
  sweep(document);
  setInterval(() => document.hidden || sweep(document), 10000);
  document.addEventListener("htmx:afterSettle", () => sweep(document));
})();
