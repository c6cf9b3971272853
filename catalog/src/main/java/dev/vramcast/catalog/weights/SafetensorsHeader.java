package dev.vramcast.catalog.weights;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.json.Json;
import dev.vramcast.input.text.Unreadable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of a safetensors file: eight bytes with its length, little endian, then JSON
 * that gives type, shape and place of every tensor. Tensor data is never read. A header is only
 * accepted when shape times type is each tensor's size and the tensors lie behind each other
 * without overlap and within the file; anything else is an {@link InputException}.
 */
public final class SafetensorsHeader {

  static final long MAX_HEADER_BYTES = 100L << 20;
  private static final int MAX_DIMENSIONS = 16;

  private record Placed(StoredTensor tensor, long begin, long end) {}

  private final String source;
  private final long dataBytes;

  private SafetensorsHeader(String source, long dataBytes) {
    this.source = source;
    this.dataBytes = dataBytes;
  }

  /** The tensors of a file, in the order of their place in it. */
  public static List<StoredTensor> read(Path file) {
    String source = file.toString();
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long size = channel.size();
      if (size < Long.BYTES) {
        throw InputError.of(size, " bytes are no safetensors file")
            .kind(ErrorKind.MALFORMED)
            .at(Place.of(source))
            .refusal();
      }
      long length = take(channel, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length < 2 || length > MAX_HEADER_BYTES || length > size - Long.BYTES) {
        throw InputError.of(
                "header length ",
                Long.toUnsignedString(length),
                " is not between 2 and ",
                Math.min(MAX_HEADER_BYTES, size - Long.BYTES),
                ", so this is no complete safetensors file")
            .kind(ErrorKind.MALFORMED)
            .at(Place.of(source))
            .refusal();
      }
      byte[] header = take(channel, (int) length).array();
      return new SafetensorsHeader(source, size - Long.BYTES - length).parse(header);
    } catch (IOException e) {
      throw Unreadable.refusal(file, e);
    }
  }

  private static ByteBuffer take(SeekableByteChannel channel, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the file ends inside its header");
      }
    }
    return buffer.flip();
  }

  private List<StoredTensor> parse(byte[] header) {
    List<Placed> placed = new ArrayList<>();
    Json.object(source, header)
        .forEach(
            (name, value) -> {
              if (!name.equals("__metadata__")) {
                placed.add(tensor(name, value));
              }
            });
    placed.sort(Comparator.comparingLong(Placed::begin).thenComparingLong(Placed::end));
    long end = 0;
    for (Placed tensor : placed) {
      if (tensor.begin() < end) {
        throw unfit(tensor.tensor().name(), "overlaps the tensor before it");
      }
      end = tensor.end();
    }
    return placed.stream().map(Placed::tensor).toList();
  }

  private Placed tensor(String name, Object value) {
    if (!(value instanceof Map<?, ?> fields)) {
      throw unfit(name, "is not an object");
    }
    Object typeName = fields.get("dtype");
    StoredType type =
        StoredType.of(String.valueOf(typeName))
            .orElseThrow(() -> unfit(name, "has the unknown dtype '" + typeName + "'"));
    List<Long> shape = wholeNumbers(name, "shape", fields.get("shape"));
    List<Long> offsets = wholeNumbers(name, "data_offsets", fields.get("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1) || offsets.get(1) > dataBytes) {
      throw unfit(name, "has data_offsets " + offsets + " beyond the file's " + dataBytes);
    }
    long elements = elements(name, shape);
    long bits = exact(name, elements, type.bits());
    long bytes = offsets.get(1) - offsets.get(0);
    if (bits % 8 != 0 || bits / 8 != bytes) {
      throw unfit(name, "takes " + bytes + " bytes, but shape and dtype make " + bits + " bits");
    }
    StoredTensor tensor = new StoredTensor(name, type, shape, elements, bytes);
    return new Placed(tensor, offsets.get(0), offsets.get(1));
  }

  private long elements(String name, List<Long> shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements = exact(name, elements, dimension);
    }
    return elements;
  }

  private long exact(String name, long a, long b) {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      throw unfit(name, "is larger than any file");
    }
  }

  private List<Long> wholeNumbers(String name, String key, @Nullable Object value) {
    if (!(value instanceof List<?> list) || list.size() > MAX_DIMENSIONS) {
      throw unfit(name, "has no usable " + key);
    }
    List<Long> numbers = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof Long number) || number < 0) {
        throw unfit(name, "has " + key + " " + list + ", expected whole numbers from 0");
      }
      numbers.add(number);
    }
    return numbers;
  }

  private InputException unfit(String name, String problem) {
    return InputError.of("tensor ", Shown.given(name), " ", problem)
        .kind(ErrorKind.MALFORMED)
        .at(Place.of(source))
        .refusal();
  }
}
