// Headings of long tables become buttons that sort; without a script the table simply stays in its order.
document.querySelectorAll("table.sortable").forEach((table) => {
  const body = table.tBodies[0];
  if (body.rows.length < 8) return;
  table.querySelectorAll("thead th").forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.textContent = "";
    heading.append(button);
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      const value = (row) => {
        const cell = row.cells[column];
        const number = parseFloat(cell.dataset.value);
        return "value" in cell.dataset ? (Number.isNaN(number) ? -1 : number) : cell.textContent.trim();
      };
      const rows = [...body.rows].sort((one, other) => {
        const [a, b] = [value(one), value(other)];
        const order = typeof a === "number" ? a - b : a.localeCompare(b);
        return down ? -order : order;
      });
      table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      body.append(...rows);
    });
  });
});
