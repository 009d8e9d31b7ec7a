// Headings of long tables become buttons that sort; without a script the table simply stays in its order.
document.querySelectorAll("table.sortable").forEach((table) => {
  const body = table.tBodies[0];
  if (body.rows.length < 8) return;
  // A number, the number that a text such as "5 to 7" begins with, or the text.
  const value = (cell) => {
    const text = cell.textContent.trim();
    const number = parseFloat(cell.dataset.value ?? text.replaceAll(",", ""));
    return "value" in cell.dataset ? (Number.isNaN(number) ? -1 : number) : Number.isNaN(number) ? text : number;
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
        const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
        return down ? -order : order;
      });
      table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      body.append(...rows);
    });
  });
});
