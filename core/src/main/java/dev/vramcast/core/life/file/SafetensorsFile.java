package dev.vramcast.core.life.file;

import dev.vramcast.core.units.DataType;
import java.util.Comparator;
import java.util.List;

/**
 * The safetensors format (safetensors/src/tensor.rs, {@code prepare} and {@code serialize_to_file}
 * of 0.8): eight bytes of the header's length, the header as JSON with blanks behind it up to a
 * multiple of eight, then the tensors, widest dtype first and then by name.
 */
public final class SafetensorsFile {

  private static final int LENGTH = 8;

  /** What {@code save_pretrained} of Transformers and PEFT says of every file. */
  private static final String METADATA = "\"__metadata__\":{\"format\":\"pt\"}";

  /** What stands around name, dtype, shape and offsets of a tensor. */
  private static final int PUNCTUATION =
      "\"\":{\"dtype\":\"\",\"shape\":[],\"data_offsets\":[,]}".length();

  private SafetensorsFile() {}

  /** Bytes of a file of these tensors. */
  public static long bytes(List<SavedTensor> tensors) {
    long header = 2L + METADATA.length();
    long offset = 0;
    for (SavedTensor tensor : sorted(tensors)) {
      long end = Math.addExact(offset, tensor.bytes());
      header += 1 + entry(tensor, offset, end);
      offset = end;
    }
    return LENGTH + (header + LENGTH - 1) / LENGTH * LENGTH + offset;
  }

  private static List<SavedTensor> sorted(List<SavedTensor> tensors) {
    return tensors.stream()
        .sorted(
            Comparator.comparingLong((SavedTensor tensor) -> -tensor.dtype().bytes())
                .thenComparing(SavedTensor::name))
        .toList();
  }

  private static long entry(SavedTensor tensor, long from, long to) {
    return (long) PUNCTUATION
        + tensor.name().length()
        + name(tensor.dtype()).length()
        + shape(tensor.shape())
        + digits(from)
        + digits(to);
  }

  /** Digits of the dimensions, and commas between them. */
  private static int shape(List<Long> shape) {
    int length = Math.max(0, shape.size() - 1);
    for (long dimension : shape) {
      length += digits(dimension);
    }
    return length;
  }

  /** As many as a whole number that is not negative is written with. */
  private static int digits(long number) {
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private static String name(DataType dtype) {
    return switch (dtype) {
      case FP32 -> "F32";
      case BF16 -> "BF16";
      case FP16 -> "F16";
      case FP8 -> "F8_E4M3";
      case INT64 -> "I64";
      case INT32 -> "I32";
      case INT8 -> "I8";
      case UINT8 -> "U8";
      case BOOL -> "BOOL";
    };
  }
}
