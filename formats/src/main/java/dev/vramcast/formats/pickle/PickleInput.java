package dev.vramcast.formats.pickle;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, each read once; lengths are checked before anything is made for them. */
final class PickleInput {

  private final InputStream in;
  private final String source;
  private final PickleBounds bounds;
  private long position;

  PickleInput(InputStream in, String source, PickleBounds bounds) {
    this.in = in;
    this.source = source;
    this.bounds = bounds;
  }

  int one() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw truncated();
    }
    advance(1);
    return next;
  }

  /** A number of that many bytes, the lowest first, without a sign. */
  long unsigned(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) one() << (8 * i);
    }
    return value;
  }

  int signed32() throws IOException {
    return (int) unsigned(4);
  }

  /** A number in two's complement of up to eight bytes, as Python writes whole numbers. */
  long whole(int bytes) throws IOException {
    if (bytes > 8) {
      throw failure("a whole number of %d bytes, allowed: up to 8".formatted(bytes));
    }
    int free = 64 - 8 * bytes;
    return bytes == 0 ? 0 : unsigned(bytes) << free >> free;
  }

  double float64() throws IOException {
    return ByteBuffer.wrap(bytes(8)).order(ByteOrder.BIG_ENDIAN).getDouble();
  }

  String text(long length) throws IOException {
    byte[] bytes = bytes(length);
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return text.toString();
    } catch (CharacterCodingException e) {
      throw failure("a text that is not UTF-8");
    }
  }

  byte[] bytes(long length) throws IOException {
    if (length < 0 || length > bounds.textBytes()) {
      throw failure(
          "a text of %s bytes, allowed: up to %d"
              .formatted(Long.toUnsignedString(length), bounds.textBytes()));
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw truncated();
    }
    advance(bytes.length);
    return bytes;
  }

  /** What a line up to its line feed says, cut to a readable length. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n' && line.length() < 80; next = in.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  private void advance(int bytes) {
    position += bytes;
    if (position > bounds.bytes()) {
      throw failure("longer than %d MiB".formatted(bounds.bytes() >> 20));
    }
  }

  private InputException truncated() {
    return failure("the pickle is cut off");
  }

  /** What is wrong at this place. */
  InputException failure(String what) {
    return InputError.of("byte ", position, ": ", what)
        .kind(ErrorKind.MALFORMED)
        .at(Place.of(source))
        .refusal();
  }
}
