// A drawn picture and a place, for those who have none at hand.

export const PLACE = { latitude: 13.78, longitude: 109.22 };

/** A small landscape as a file; each one differs a little. */
export function samplePhoto() {
  const canvas = document.createElement("canvas");
  canvas.width = 960;
  canvas.height = 640;
  draw(canvas.getContext("2d"), Math.random());
  return new Promise((done) => {
    canvas.toBlob((blob) => done(new File([blob], "anh-mau.jpg", { type: "image/jpeg" })), "image/jpeg", 0.85);
  });
}

function draw(pen, chance) {
  const sky = pen.createLinearGradient(0, 0, 0, 420);
  sky.addColorStop(0, "#8fc3dd");
  sky.addColorStop(1, "#e6f1ea");
  fill(pen, sky, [[0, 0], [960, 0], [960, 640], [0, 640]]);
  const shift = chance * 180;
  fill(pen, "#7da593", [[0, 400], [200 + shift, 220], [430 + shift, 380], [640, 250], [960, 400], [960, 640], [0, 640]]);
  fill(pen, "#9bbf6d", [[0, 430], [960, 390], [960, 640], [0, 640]]);
  fill(pen, "#c9b38b", [[360, 640], [470 + shift / 3, 405], [500 + shift / 3, 405], [620, 640]]);
}

function fill(pen, colour, points) {
  pen.fillStyle = colour;
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
  pen.fill();
}
