package dev.vramcast.core.life.file;

import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
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

  /** Tensors that follow each other, in their order. */
  private static final class Run {

    /** Of the header, without paths and offsets. */
    private long header;

    /** Where each ends, behind the first's begin. */
    private final long[] ends;

    Run(List<SavedTensor> tensors) {
      ends = new long[tensors.size()];
      long end = 0;
      for (int i = 0; i < ends.length; i++) {
        SavedTensor tensor = tensors.get(i);
        end = Math.addExact(end, tensor.bytes());
        ends[i] = end;
        header += 1 + entry(tensor);
      }
    }

    long end(long offset) {
      return Math.addExact(offset, ends.length == 0 ? 0 : ends[ends.length - 1]);
    }

    /** Digits of where each begins and ends. */
    long offsets(long offset) {
      int digits = digits(offset);
      if (digits == digits(end(offset))) {
        return 2L * digits * ends.length;
      }
      long sum = 0;
      for (long end : ends) {
        int next = digits(offset + end);
        sum += digits + next;
        digits = next;
      }
      return sum;
    }
  }

  private SafetensorsFile() {}

  /** Bytes of a file of these tensors. */
  public static long bytes(List<SavedTensor> tensors) {
    return bytes(SavedTensors.of(tensors));
  }

  /** As {@link #bytes(List)}, of which those with a path are of one dtype. */
  public static long bytes(SavedTensors tensors) {
    IdentityHashMap<List<SavedTensor>, Run> layers = new IdentityHashMap<>();
    long header = 2L + METADATA.length();
    long offset = 0;
    for (SavedTensors.Block block : sorted(tensors.blocks())) {
      Run run =
          block.path().isEmpty()
              ? new Run(block.tensors())
              : layers.computeIfAbsent(block.tensors(), layer -> new Run(sortedByName(layer)));
      long paths = (long) block.path().length() * block.tensors().size();
      header += run.header + paths + run.offsets(offset);
      offset = run.end(offset);
    }
    return LENGTH + (header + LENGTH - 1) / LENGTH * LENGTH + offset;
  }

  /** Each tensor without a path is a block of its own. */
  private static List<SavedTensors.Block> sorted(List<SavedTensors.Block> blocks) {
    List<SavedTensors.Block> all = new ArrayList<>();
    for (SavedTensors.Block block : blocks) {
      if (block.path().isEmpty()) {
        block.tensors().forEach(tensor -> all.add(new SavedTensors.Block("", List.of(tensor))));
      } else if (!block.tensors().isEmpty()) {
        all.add(block);
      }
    }
    all.sort(
        Comparator.comparingLong((SavedTensors.Block block) -> -first(block).dtype().bytes())
            .thenComparing(block -> block.path().isEmpty() ? first(block).name() : block.path()));
    return all;
  }

  private static SavedTensor first(SavedTensors.Block block) {
    return block.tensors().get(0);
  }

  private static List<SavedTensor> sortedByName(List<SavedTensor> tensors) {
    return tensors.stream().sorted(Comparator.comparing(SavedTensor::name)).toList();
  }

  private static long entry(SavedTensor tensor) {
    return (long) PUNCTUATION
        + tensor.name().length()
        + name(tensor.dtype()).length()
        + shape(tensor.shape());
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
      case INT16 -> "I16";
      case INT8 -> "I8";
      case UINT8 -> "U8";
      case BOOL -> "BOOL";
    };
  }
}
