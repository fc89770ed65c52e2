/**
 * The sizes of the blocks of Go's allocator, up to 32 KiB: a slice that grows gets the whole block. Larger blocks are
 * whole pages of 8 KiB.
 */
const blocks = [
  8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448, 480,
  512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864,
  5120, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480,
  21760, 24576, 27264, 28672, 32768,
];

const page = 8192;

/**
 * Returns the capacity that Go gives a slice that grows to `length` elements of `size` bytes. Up to 256 elements the
 * capacity doubles; beyond, the factor falls gradually to 1.25. The result is rounded up to a block.
 */
export function grow(_oldLength: number, capacity: number, length: number, size: number): number {
  let wanted = capacity;
  if (length > 2 * capacity) wanted = length;
  else if (capacity < 256) wanted = 2 * capacity;
  else while (wanted < length) wanted += Math.floor((wanted + 3 * 256) / 4);
  const bytes = wanted * size;
  const block = blocks.find((block) => block >= bytes) ?? Math.ceil(bytes / page) * page;
  return Math.floor(block / size);
}
