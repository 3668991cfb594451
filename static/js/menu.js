// A <details data-menu> closes on Escape and when something else is pressed.
(() => {
  const open = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      event.preventDefault();
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
