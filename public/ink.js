// The field to sign in on a client's own page: what is drawn is written into the form, as strokes of points on a field of
// data-width × data-height. Without this script the page says where else to sign.

const pad = document.getElementById("pad");
const ink = document.getElementById("ink");

if (pad && ink) {
  const canvas = pad.querySelector("canvas");
  const most = { x: Number(pad.dataset.width), y: Number(pad.dataset.height), points: 5000 };
  let strokes = [];
  let pointer = null;
  pad.hidden = false;

  const paint = () => {
    const ratio = devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    const context = canvas.getContext("2d");
    context.scale(canvas.width / most.x, canvas.height / most.y);
    context.lineWidth = 6;
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = getComputedStyle(canvas).color;
    for (const stroke of strokes) {
      context.beginPath();
      context.moveTo(...stroke[0]);
      for (const point of stroke) context.lineTo(...point);
      context.stroke();
    }
  };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const part = (at, length, most) => Math.max(0, Math.min(most, Math.round((at / length) * most)));
    return [part(event.clientX - box.left, box.width, most.x), part(event.clientY - box.top, box.height, most.y)];
  };
  const kept = () => {
    ink.value = strokes.length ? JSON.stringify(strokes) : "";
    paint();
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    event.preventDefault();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    strokes.push([place(event)]);
    kept();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const stroke = strokes.at(-1);
    const [x, y] = place(event);
    const [lastX, lastY] = stroke.at(-1);
    const full = strokes.reduce((sum, stroke) => sum + stroke.length, 0) >= most.points;
    if (full || Math.hypot(x - lastX, y - lastY) < 3) return;
    stroke.push([x, y]);
    kept();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId === pointer) pointer = null;
    });
  }
  pad.querySelector("button").addEventListener("click", () => {
    strokes = [];
    kept();
  });
  addEventListener("resize", paint);
  paint();
}
