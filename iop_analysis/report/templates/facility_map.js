// The filter, the view of the map, and the tie between a mark and its card. No text of a publisher stands in here:
// everything that is shown is in the page, and the script only shows, hides, marks and moves it.
"use strict";
const who = document.querySelector("#who");
const cards = [...document.querySelectorAll("details")];
const spots = new Map([...document.querySelectorAll("#points > g")].map((spot) => [spot.dataset.card, spot]));
const WORDS = { yes: "meets this", unknown: "not known" };

function mark(use, kind) {
  use.setAttribute("href", `#mark-${kind}`);
  for (const other of ["listed", "yes", "unknown"]) use.classList.toggle(other, other === kind);
}

const wanted = [who, ...document.querySelectorAll("select.wanted")];

// A program meets all that is chosen, or it is not known of some of it, or it is not shown.
function answer(card, keys) {
  const told = keys.map((key) => card.getAttribute(`data-${key}`));
  if (!keys.length) return "listed";
  if (told.some((one) => !one)) return "";
  return told.every((one) => one === "yes") ? "yes" : "unknown";
}

function filter() {
  const keys = wanted.map((select) => select.value).filter(Boolean);
  const counts = { listed: 0, yes: 0, unknown: 0, "": 0 };
  for (const card of cards) {
    const kind = answer(card, keys);
    counts[kind] += 1;
    const told = card.querySelector(".answer");
    const spot = spots.get(card.id);
    card.hidden = !kind;
    if (spot) spot.toggleAttribute("hidden", !kind);
    if (!kind) continue;
    mark(card.querySelector("use"), kind);
    if (spot) mark(spot.querySelector("use"), kind);
    told.textContent = WORDS[kind] || "";
    told.className = `answer ${kind}`;
  }
  for (const county of document.querySelectorAll("section.county")) {
    const shown = county.querySelectorAll("details:not([hidden])").length;
    county.hidden = !shown;
    county.querySelector(".count").textContent = shown;
  }
  for (const entry of document.querySelectorAll(".legend li")) {
    entry.hidden = (entry.dataset.kind === "listed") === Boolean(keys.length);
  }
  const said = document.querySelector("#said");
  const rest = counts[""] ? ` Not shown: the other ${counts[""]}.` : "";
  const open = counts.unknown ? ` Not known: ${counts.unknown}; call them and ask.` : "";
  said.textContent = keys.length ? `Meets this: ${counts.yes} of ${said.dataset.of} listed programs.${open}${rest}` : said.dataset.all;
}

for (const select of wanted) select.addEventListener("change", filter);
who.form.addEventListener("submit", (event) => event.preventDefault());
who.form.hidden = false;
filter();

const drawing = document.querySelector("#drawing");
if (drawing) chart();

function chart() {
  const whole = drawing.viewBox.baseVal;
  const [width, height] = [whole.width, whole.height];
  const middle = [width / 2, height / 2];
  const halo = document.querySelector("#halo");
  let center = middle; // of the view, in units of the drawing
  let unit = 0; // units under one pixel
  let far = 1; // the same where the whole state is seen
  let last = null; // the card that a mark opened
  let shown = null; // the mark of the card that opened last

  const APART = 11; // pixels between the middles of two marks
  const WHOLE_STATE = 0.6; // size of the marks where the whole state is seen
  const AROUND = [[0, 0]]; // places around a point, the nearest first
  for (let ring = 1; ring <= 8; ring += 1) {
    for (let step = 0; step < 6 * ring; step += 1) {
      const angle = (step * Math.PI) / (3 * ring);
      AROUND.push([ring * APART * Math.cos(angle), ring * APART * Math.sin(angle)]);
    }
  }
  const moves = new Map(); // of each mark, in pixels

  const between = (low, value, high) => Math.min(high, Math.max(low, value));
  const place = (spot) => {
    const { e, f } = spot.transform.baseVal.consolidate().matrix;
    return [e, f];
  };

  function draw() {
    const [across, down] = [drawing.clientWidth, drawing.clientHeight];
    const wasFar = unit === 0 || unit >= far;
    far = Math.max(width / across, height / down);
    unit = wasFar ? far : between(drawing.dataset.closest / across, unit, far);
    center = unit >= far ? middle : [between(0, center[0], width), between(0, center[1], height)];
    const [left, top] = [center[0] - (unit * across) / 2, center[1] - (unit * down) / 2];
    drawing.setAttribute("viewBox", `${left} ${top} ${unit * across} ${unit * down}`);
    drawing.style.setProperty("--scale", unit);
    document.documentElement.style.setProperty("--map", `${down}px`);
    drawing.classList.toggle("near", unit < far);
    for (const corner of drawing.querySelectorAll("[data-corner]")) {
      corner.setAttribute("transform", `translate(${left + unit * across * corner.dataset.corner} ${top + unit * down})`);
    }
    spread();
    for (const name of drawing.querySelectorAll("[data-fits]")) name.toggleAttribute("hidden", name.dataset.fits < unit);
    rule();
  }

  // Marks that would hide each other move apart, each to the nearest free place around its point.
  function spread() {
    const taken = [];
    const size = unit < far ? 1 : WHOLE_STATE;
    drawing.style.setProperty("--mark", size);
    for (const spot of spots.values()) {
      if (spot.hasAttribute("hidden")) continue;
      const [x, y] = place(spot).map((one) => one / unit);
      const free = ([right, down]) => !taken.some(([a, b]) => Math.hypot(a - x - right, b - y - down) < APART * size);
      const move = AROUND.map((one) => one.map((part) => part * size)).find(free) || [0, 0];
      taken.push([x + move[0], y + move[1]]);
      moves.set(spot, move);
      for (const one of spot.querySelectorAll("use")) {
        one.setAttribute("x", move[0] / size);
        one.setAttribute("y", move[1] / size);
      }
    }
  }

  // The longest round number of miles that fits into 110 pixels.
  function rule() {
    const ruler = document.querySelector("#ruler");
    const most = (110 * unit) / drawing.dataset.mile;
    const power = 10 ** Math.floor(Math.log10(most));
    const miles = [5, 2, 1].find((step) => step * power <= most) * power;
    const end = 10 + (miles * drawing.dataset.mile) / unit;
    ruler.querySelector("path").setAttribute("d", `M10-14V-8H${end}V-14`);
    ruler.querySelector("text").textContent = `${Number(miles.toPrecision(1))} ${miles === 1 ? "mile" : "miles"}`;
    ruler.setAttribute("visibility", "visible");
  }

  // Zoom so that what lies under a point of the screen stays there.
  function zoom(factor, x, y) {
    const box = drawing.getBoundingClientRect();
    const off = [(x ?? box.x + box.width / 2) - box.x - box.width / 2, (y ?? box.y + box.height / 2) - box.y - box.height / 2];
    const next = between(drawing.dataset.closest / drawing.clientWidth, unit * factor, far);
    center = [0, 1].map((axis) => center[axis] + off[axis] * (unit - next));
    unit = next;
    draw();
  }

  // Buttons and keys zoom around the chosen mark while it is in view, else around the middle.
  function step(factor) {
    const box = (shown && halo.getAttribute("visibility") === "visible" ? shown : drawing).getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const inside = document.elementsFromPoint(x, y).includes(drawing);
    zoom(factor, ...(inside ? [x, y] : []));
  }

  function move(right, down) {
    center = [center[0] + right * unit, center[1] + down * unit];
    draw();
  }

  function reset() {
    unit = far;
    draw();
  }

  // A card that opens shows its mark, and moves the view if the mark is out of it.
  function point(card) {
    const spot = spots.get(card.id);
    halo.setAttribute("visibility", spot && card.open ? "visible" : "hidden");
    if (!spot || !card.open) return;
    halo.setAttribute("transform", spot.getAttribute("transform"));
    const [right, below] = moves.get(spot) || [0, 0];
    halo.firstElementChild.setAttribute("cx", right);
    halo.firstElementChild.setAttribute("cy", below);
    spot.parentNode.append(halo, spot); // above all others
    shown = spot;
    const [x, y] = place(spot);
    const room = [drawing.clientWidth, drawing.clientHeight].map((pixels) => (pixels / 2 - 20) * unit);
    if (Math.abs(x - center[0]) > room[0] || Math.abs(y - center[1]) > room[1]) {
      center = [x, y];
      draw();
    }
  }

  // The nearest mark within 14 pixels; where several share a place, the next one each time.
  function pick(x, y) {
    const box = drawing.getBoundingClientRect();
    const distance = (spot) => {
      const [east, south] = place(spot);
      const [right, below] = moves.get(spot) || [0, 0];
      const [a, b] = [(east - center[0]) / unit + right, (south - center[1]) / unit + below];
      return Math.hypot(a + box.width / 2 + box.x - x, b + box.height / 2 + box.y - y);
    };
    const near = [...spots.values()]
      .filter((spot) => !spot.hasAttribute("hidden"))
      .map((spot) => [distance(spot), spot])
      .filter(([pixels]) => pixels <= 14)
      .sort((one, other) => one[0] - other[0]);
    const same = near.filter(([pixels]) => pixels < near[0][0] + 2).map(([, spot]) => spot.dataset.card).sort();
    if (!same.length) return;
    open(document.getElementById(same[(same.indexOf(last?.id) + 1) % same.length]));
  }

  function open(card) {
    if (last && last !== card) last.open = false;
    last = card;
    card.open = true;
    card.scrollIntoView({ block: "start" });
    card.querySelector("summary").focus({ preventScroll: true });
  }

  const fingers = new Map();
  let moved = 0;
  drawing.addEventListener("pointerdown", (event) => {
    if (!fingers.size) moved = 0;
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
  });
  drawing.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    fingers.set(event.pointerId, now);
    if (moved < 5) return;
    drawing.setPointerCapture(event.pointerId);
    drawing.classList.add("held");
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = (finger) => Math.hypot(finger[0] - other[0], finger[1] - other[1]) || 1;
      zoom(apart(before) / apart(now), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    if (unit < far) move((before[0] - now[0]) / fingers.size, (before[1] - now[1]) / fingers.size);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    drawing.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      drawing.classList.remove("held");
    });
  }
  drawing.addEventListener("click", (event) => moved < 5 && pick(event.clientX, event.clientY));
  drawing.addEventListener("dblclick", (event) => zoom(0.5, event.clientX, event.clientY));
  drawing.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(2 ** (event.deltaY / 100), event.clientX, event.clientY);
  }, { passive: false });

  const KEYS = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
  drawing.parentElement.setAttribute("tabindex", "0");
  drawing.parentElement.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (KEYS[event.key] && unit < far) move(...KEYS[event.key]);
    else if (event.key === "+" || event.key === "=") step(0.5);
    else if (event.key === "-") step(2);
    else if (event.key === "0") reset();
    else return;
    event.preventDefault();
  });

  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => (button.dataset.zoom ? step(Number(button.dataset.zoom)) : reset()));
  }
  for (const card of cards) card.addEventListener("toggle", () => point(card));
  for (const select of wanted) {
    select.addEventListener("change", () => {
      halo.setAttribute("visibility", "hidden");
      spread();
    });
  }
  drawing.style.aspectRatio = `${width} / ${height}`; // the shape of the box stays when the view moves
  document.querySelector(".zoom").hidden = false;
  document.querySelector("#how").hidden = false;
  new ResizeObserver(draw).observe(drawing);
  draw();
}
