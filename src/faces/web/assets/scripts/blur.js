// While a picture loads, a blurred likeness of it lies in its place (BlurHash: a few waves of colour).
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
/** Pixels across and down that are painted; the browser makes them larger. */
const SIDE = 24;

const read = (text) => [...text].reduce((sum, digit) => sum * 83 + DIGITS.indexOf(digit), 0);
const light = (byte) => (byte > 10 ? ((byte / 255 + 0.055) / 1.055) ** 2.4 : byte / 3294.6);
const byte = (light) => 255 * (light > 0.0031308 ? 1.055 * light ** (1 / 2.4) - 0.055 : light * 12.92);
const signed = (step) => Math.sign(step - 9) * ((step - 9) / 9) ** 2;

/** The waves of a likeness, row by row, each as red, green and blue; none if it is broken. */
function waves(hash) {
  const size = read(hash.slice(0, 1));
  const [across, down] = [(size % 9) + 1, Math.floor(size / 9) + 1];
  if (hash.length !== 4 + 2 * across * down) return [];
  const most = (read(hash.slice(1, 2)) + 1) / 166;
  const mean = read(hash.slice(2, 6));
  const all = [[mean >> 16, (mean >> 8) & 255, mean & 255].map(light)];
  for (let at = 6; at < hash.length; at += 2) {
    const wave = read(hash.slice(at, at + 2));
    all.push([Math.floor(wave / 361), Math.floor(wave / 19) % 19, wave % 19].map((step) => signed(step) * most));
  }
  return Array.from({ length: down }, (_, row) => all.slice(row * across, (row + 1) * across));
}

function paint(canvas, rows) {
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d");
  const image = context.createImageData(SIDE, SIDE);
  for (let place = 0; place < SIDE * SIDE; place += 1) {
    const [x, y] = [place % SIDE, Math.floor(place / SIDE)].map((step) => (Math.PI * step) / SIDE);
    const colour = [0, 0, 0];
    rows.forEach((row, j) => row.forEach((wave, i) => {
      for (const part of [0, 1, 2]) colour[part] += wave[part] * Math.cos(x * i) * Math.cos(y * j);
    }));
    image.data.set([...colour.map(byte), 255], 4 * place);
  }
  context.putImageData(image, 0, 0);
}

function cover(picture) {
  const rows = waves(picture.dataset.blurhash);
  delete picture.dataset.blurhash;
  if (picture.complete || !rows.length || !picture.height) return;
  const canvas = document.createElement("canvas");
  canvas.className = "blur";
  canvas.setAttribute("aria-hidden", "true");
  paint(canvas, rows);
  canvas.style.inlineSize = `${picture.width}px`;
  canvas.style.blockSize = `${picture.height}px`;
  picture.before(canvas);
  for (const end of ["load", "error"]) picture.addEventListener(end, () => canvas.remove());
}

const all = () => document.querySelectorAll("img[data-blurhash]").forEach(cover);
all();
document.addEventListener("htmx:finally:request", all);
