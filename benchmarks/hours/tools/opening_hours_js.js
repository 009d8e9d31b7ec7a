// Answers of opening_hours.js, which forgives much that OpenStreetMap's grammar does not know:
//   npm install opening_hours
//   node opening_hours_js.js ../texts.csv > ../answers/opening_hours_js.csv
// Unknown states (a comment, an open end) count as not open and make the answer partial.
const fs = require("fs");
const OpeningHours = require("opening_hours");

const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const FROM = new Date(2024, 2, 4), TO = new Date(2024, 2, 11);
const PLACE = { address: { country_code: "us", state: "New York" } };

function table(text) {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const row = rows[rows.length - 1];
    if (text[at] === '"' && quoted && text[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; }
    else if (text[at] === '"') quoted = !quoted;
    else if (text[at] === "," && !quoted) row.push("");
    else if (text[at] === "\n" && !quoted) rows.push([""]);
    else row[row.length - 1] += text[at];
  }
  return rows.slice(1).filter((row) => row.length > 1);
}

function clock(minute) {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

function ask(text) {
  let found;
  try { found = new OpeningHours(text, PLACE, { locale: "en" }).getOpenIntervals(FROM, TO); } catch (error) { return ["unknown", ""]; }
  const days = DAYS.map(() => []);
  for (const [start, end, unsure] of found) {
    if (unsure) continue;
    let first = Math.round((start - FROM) / 60000);
    const last = Math.round((end - FROM) / 60000);
    while (first < last) {
      const day = Math.floor(first / 1440), until = Math.min(last, (day + 1) * 1440);
      days[day].push(`${clock(first - day * 1440)}-${clock(until - day * 1440)}`);
      first = until;
    }
  }
  if (days.every((spans) => spans.join() === "00:00-24:00")) return ["always", "24/7"];
  const rules = days.map((spans, day) => (spans.length ? `${DAYS[day]} ${spans.join(",")}` : "")).filter(Boolean);
  const status = !rules.length ? "unknown" : found.some((one) => one[2]) ? "partial" : "known";
  return [status, rules.join("; ")];
}

console.log("id,status,week");
for (const row of table(fs.readFileSync(process.argv[2], "utf8"))) {
  const [status, week] = ask(row[3]);
  console.log(`${row[0]},${status},${week.includes(",") ? `"${week}"` : week}`);
}
