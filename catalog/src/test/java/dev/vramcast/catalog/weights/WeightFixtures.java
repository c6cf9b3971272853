package dev.vramcast.catalog.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Writes small weight files. */
public final class WeightFixtures {

  private WeightFixtures() {}

  /** A safetensors file with this header and as many zero bytes as data. */
  public static Path write(Path file, String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer =
        ByteBuffer.allocate(Long.BYTES + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(json.length).put(json);
    return Files.write(file, buffer.array());
  }

  /** A header of bf16 tensors, each given as {@code name:rows:columns} or {@code name:size}. */
  public static String bf16Header(List<String> tensors) {
    long[] offset = {0};
    return tensors.stream()
        .map(tensor -> tensor.split(":"))
        .map(
            parts -> {
              long elements = 1;
              for (int i = 1; i < parts.length; i++) {
                elements *= Long.parseLong(parts[i]);
              }
              String shape = String.join(",", List.of(parts).subList(1, parts.length));
              long begin = offset[0];
              offset[0] += 2 * elements;
              return "\"%s\":{\"dtype\":\"BF16\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                  .formatted(parts[0], shape, begin, offset[0]);
            })
        .collect(Collectors.joining(",", "{\"__metadata__\":{\"format\":\"pt\"},", "}"));
  }

  /** A safetensors file of bf16 tensors, see {@link #bf16Header}. */
  public static Path bf16(Path file, List<String> tensors) throws IOException {
    int elements = 0;
    for (String tensor : tensors) {
      int product = 1;
      String[] parts = tensor.split(":");
      for (int i = 1; i < parts.length; i++) {
        product *= Integer.parseInt(parts[i]);
      }
      elements += product;
    }
    return write(file, bf16Header(tensors), 2 * elements);
  }
}
