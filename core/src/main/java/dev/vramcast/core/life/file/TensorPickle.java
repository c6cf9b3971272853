package dev.vramcast.core.life.file;

/**
 * The pickle in which {@code torch.save} describes dictionaries of tensors, opcode by opcode of
 * protocol 2 ({@code torch/_tensor.py _reduce_ex_internal}, {@code torch/serialization.py
 * persistent_id}). Words that come again are taken from the memo in two bytes.
 */
final class TensorPickle {

  /** Protocol, outermost dictionary, names of functions and classes, learning rates. */
  private static final long AROUND = 470;

  /** The memo's index takes one byte below this. */
  private static final int SHORT_MEMO = 256;

  private static final long SHORT_PUT = 2;
  private static final long LONG_PUT = 5;

  /** Function of a tensor, marks, persistent id, flags, hooks, and its key in the dictionary. */
  private static final long OF_A_TENSOR = 30;

  /** What of a tensor goes into the memo: key, id, size, stride, hooks, arguments, itself. */
  private static final int PUTS = 7;

  /** A number of 8 bytes with its opcode and length. */
  private static final long LONGEST = 11;

  private TensorPickle() {}

  static long bytes(Iterable<SavedTensor> tensors, int dictionaries) {
    long total = AROUND;
    int memo = 0;
    int index = 0;
    for (SavedTensor tensor : tensors) {
      total += OF_A_TENSOR + Integer.toString(index++).length() + number(tensor.elements());
      long stride = 1;
      for (int i = tensor.shape().size() - 1; i >= 0; i--) {
        total += number(tensor.shape().get(i)) + number(stride);
        stride *= tensor.shape().get(i);
      }
      // A single number has empty tuples, which are not put into the memo.
      int puts = tensor.shape().isEmpty() ? PUTS - 2 : PUTS;
      total += puts * (memo + puts < SHORT_MEMO ? SHORT_PUT : LONG_PUT);
      memo += puts;
    }
    for (int i = 0; i < dictionaries; i++) {
      // Key, dictionary, mark and end, and its number once more in the group of parameters.
      total += 2 * number(i) + 1 + LONG_PUT + 2;
    }
    return total;
  }

  /** A whole number with its opcode. */
  private static long number(long value) {
    if (value < 1 << 8) {
      return 2;
    }
    return value < 1 << 16 ? 3 : value <= Integer.MAX_VALUE ? 5 : LONGEST - 4;
  }
}
