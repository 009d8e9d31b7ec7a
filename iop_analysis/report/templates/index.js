// The search leaves the rows whose state begins with, or holds, what is written; without a script all rows stand.
const search = document.getElementById("search");
const found = document.getElementById("found");
search.closest("p").hidden = false;
search.addEventListener("input", () => {
  const wanted = search.value.trim().toLowerCase();
  const rows = [...document.querySelectorAll("#states tbody tr")];
  for (const row of rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
  const count = rows.filter((row) => !row.hidden).length;
  found.textContent = wanted ? `${count} ${count === 1 ? "state" : "states"}` : "";
});
