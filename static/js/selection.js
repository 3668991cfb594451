// Checkboxes named "chosen": shift chooses a range, the bar counts and its buttons wake when something is chosen.
(() => {
  let last = null;
  const boxes = (form) => [...form.querySelectorAll("input[name=chosen]")];
  const tell = (form) => {
    const all = boxes(form), chosen = all.filter((box) => box.checked).length;
    const bar = form.querySelector("[data-selection-bar]");
    if (!bar) return;
    const whole = bar.querySelector("[data-selection-all]");
    whole.checked = chosen > 0 && chosen === all.length;
    whole.indeterminate = chosen > 0 && chosen < all.length;
    bar.querySelector("[data-selection-count]").textContent = chosen ? `${chosen} chosen` : "Choose rows to act on several at once";
    for (const button of bar.querySelectorAll("button")) button.disabled = chosen === 0;
  };
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.form) return;
    if (box.matches("[data-selection-all]")) boxes(box.form).forEach((each) => { each.checked = box.checked; });
    if (box.name === "chosen") {
      const all = boxes(box.form), from = all.indexOf(last), to = all.indexOf(box);
      if (event.shiftKey && from >= 0) {
        for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) each.checked = box.checked;
      }
      last = box;
    }
    tell(box.form);
  });
  const tellAll = () => document.querySelectorAll("[data-selection-bar]").forEach((bar) => bar.closest("form") && tell(bar.closest("form")));
  tellAll();
  document.addEventListener("htmx:afterSettle", tellAll);
})();
