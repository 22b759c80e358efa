// Large photos are made smaller before they are sent: over a slow network they are most of the waiting. The server checks all the same.
const LONG_SIDE = 2000;
const FROM_BYTES = 1_000_000;
const TYPES = new Set(["image/jpeg", "image/png", "image/webp"]);

async function smaller(file) {
  if (file.size < FROM_BYTES || !TYPES.has(file.type)) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    const context = canvas.getContext("2d");
    // JPEG knows no transparency: what was clear becomes white, not black.
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file; // what the browser cannot read goes as it is; the server says what is wrong with it
  }
}

async function shrink(input) {
  const chosen = input.files;
  const kept = new DataTransfer();
  for (const file of chosen) kept.items.add(await smaller(file)); // one after the other: each needs memory
  // Chosen again or taken back meanwhile: then this is not about them any more.
  if (input.files === chosen) input.files = kept.files;
}

export function once() {
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[data-photo-input]") && event.isTrusted) shrink(event.target);
  });
}
