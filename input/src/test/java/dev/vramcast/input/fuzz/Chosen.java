package dev.vramcast.input.fuzz;

import dev.vramcast.input.growth.CountingLoader;
import dev.vramcast.input.growth.Steps;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * What Jazzer calls. The first byte of what it gives chooses the target, so that one process, which
 * takes longer to start than to try thousands of inputs, serves them all. Doing far more than an
 * input is long is a mistake too.
 */
public final class Chosen {

  /** Steps that any input may take, and those for each of its bytes. */
  private static final long STEPS = 3_000_000;

  private static final long STEPS_OF_BYTE = 30_000;

  private static List<Consumer<byte[]>> targets = List.of();

  private Chosen() {}

  /** Takes a file with a line for each target: its class, and behind a space what it is told. */
  public static void fuzzerInitialize(String[] files) throws IOException {
    ClassLoader loader = new CountingLoader(Chosen.class.getClassLoader());
    List<Consumer<byte[]>> made = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(files[0]))) {
      int space = line.indexOf(' ');
      made.add(made(loader, line.substring(0, space), line.substring(space + 1)));
    }
    targets = made;
  }

  /** Gives an input to the target that it chooses. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      Consumer<byte[]> target = targets.get(index(input, targets.size()));
      byte[] given = given(input);
      Steps.reset(STEPS + STEPS_OF_BYTE * given.length);
      try {
        target.accept(given);
      } finally {
        Steps.reset(Long.MAX_VALUE);
      }
    }
  }

  static int index(byte[] input, int targets) {
    return Byte.toUnsignedInt(input[0]) % targets;
  }

  static byte[] given(byte[] input) {
    return Arrays.copyOfRange(input, 1, input.length);
  }

  static byte[] chosen(int index, byte[] given) {
    byte[] input = new byte[given.length + 1];
    input[0] = (byte) index;
    System.arraycopy(given, 0, input, 1, given.length);
    return input;
  }

  static String line(FuzzTarget target) {
    return target.type().getName() + " " + target.told();
  }

  @SuppressWarnings("unchecked") // the class of a target is one
  private static Consumer<byte[]> made(ClassLoader loader, String type, String told) {
    try {
      Class<?> counted = Class.forName(type, true, loader);
      Constructor<?> constructor =
          told.isEmpty()
              ? counted.getDeclaredConstructor()
              : counted.getDeclaredConstructor(String.class);
      constructor.setAccessible(true);
      Object made = told.isEmpty() ? constructor.newInstance() : constructor.newInstance(told);
      return (Consumer<byte[]>) made;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
