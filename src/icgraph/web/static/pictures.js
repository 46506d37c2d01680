"use strict";
// Zooming, pointing out neighbours, and saving as PNG. The picture itself needs none of it.

const figure = document.querySelector("figure.picture");

if (figure) {
  const drawing = figure.querySelector("svg.drawing");
  const whole = drawing.getAttribute("viewBox").split(" ").map(Number);
  saveAsPng(document.querySelector("[data-png]"));
  if (["map", "network"].includes(figure.dataset.name)) zoom(drawing, whole);
  if (figure.dataset.name === "network") pointOut(drawing);
}

/** The picture's file, painted at twice its size and handed over as a download. */
function saveAsPng(button) {
  const status = document.querySelector("[data-failed]");
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    status.textContent = "";
    try {
      const image = new Image();
      image.src = button.dataset.png;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth * 2;
      canvas.height = image.naturalHeight * 2;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${figure.dataset.name}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    } catch {
      status.textContent = status.dataset.failed;
    }
  });
}

/** Buttons and the pointer change which part of the picture is seen. */
function zoom(drawing, whole) {
  let [x, y, width, height] = whole;
  const buttons = document.querySelector(".zoom");
  buttons.hidden = false;

  function show(nextX, nextY, nextWidth) {
    width = Math.min(whole[2], Math.max(whole[2] / 12, nextWidth));
    height = width * whole[3] / whole[2];
    x = Math.min(whole[2] - width, Math.max(0, nextX));
    y = Math.min(whole[3] - height, Math.max(0, nextY));
    drawing.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    drawing.classList.toggle("near", width < whole[2]);
  }

  buttons.addEventListener("click", (event) => {
    const factor = Number(event.target.dataset.zoom ?? "1");
    const next = factor ? width / factor : whole[2];
    show(x + (width - next) / 2, y + (height - next * whole[3] / whole[2]) / 2, next);
  });

  let from = null;
  let moved = false;
  drawing.addEventListener("pointerdown", (event) => {
    moved = false;
    from = width < whole[2] ? { x: event.clientX, y: event.clientY, left: x, upper: y } : null;
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const unit = width / drawing.getBoundingClientRect().width;
    const [right, down] = [event.clientX - from.x, event.clientY - from.y];
    moved ||= Math.hypot(right, down) > 4;
    show(from.left - right * unit, from.upper - down * unit, width);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    window.addEventListener(end, () => { from = null; });
  }
  drawing.addEventListener("dragstart", (event) => event.preventDefault());
  drawing.addEventListener("click", (event) => { if (moved) event.preventDefault(); }, true);
}

/** Who is linked with the mark under the pointer stays bright. */
function pointOut(drawing) {
  const ties = [...drawing.querySelectorAll(".tie")];
  const marks = new Map([...drawing.querySelectorAll("[data-end]")]
    .map((mark) => [mark.dataset.end, mark]));

  drawing.addEventListener("pointerover", (event) => {
    const mark = event.target.closest("[data-end]");
    for (const lit of drawing.querySelectorAll(".lit")) lit.classList.remove("lit");
    drawing.classList.toggle("pointed", mark !== null);
    if (!mark) return;
    mark.classList.add("lit");
    for (const tie of ties) {
      const ends = tie.dataset.ends.split(" ");
      if (!ends.includes(mark.dataset.end)) continue;
      tie.classList.add("lit");
      for (const end of ends) marks.get(end).classList.add("lit");
    }
  });
  drawing.addEventListener("pointerleave", () => drawing.classList.remove("pointed"));
}
