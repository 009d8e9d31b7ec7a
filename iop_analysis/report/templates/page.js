// Headings of long tables become buttons that sort; without a script the table simply stays in its order.
document.querySelectorAll("table.sortable").forEach((table) => {
  const body = table.tBodies[0];
  if (body.rows.length < 8) return;
  // Numbers sort as numbers, missing ones first; texts as texts.
  const value = (cell) => {
    if (!("value" in cell.dataset)) return cell.textContent.trim();
    const number = parseFloat(cell.dataset.value);
    return Number.isNaN(number) ? -1 : number;
  };
  table.querySelectorAll("thead th").forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.textContent = "";
    heading.append(button);
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      const rows = [...body.rows].sort((one, other) => {
        const [a, b] = [value(one.cells[column]), value(other.cells[column])];
        const order = typeof a === "number" ? a - b : a.localeCompare(b);
        return down ? -order : order;
      });
      table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      body.append(...rows);
    });
  });
});
// What is wider than the page scrolls in its own frame, and is a stop of the keyboard only then.
const frames = new ResizeObserver((changed) => {
  for (const { target } of changed) {
    const wider = target.scrollWidth > target.clientWidth;
    if (wider) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
    target.classList.toggle("overflowing", wider);
  }
});
document.querySelectorAll(".scroll").forEach((frame) => frames.observe(frame));
