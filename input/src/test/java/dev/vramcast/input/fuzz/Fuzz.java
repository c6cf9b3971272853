package dev.vramcast.input.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Looks for inputs that a target cannot bear: it starts from a corpus, changes what is there, and
 * keeps what reached a branch, or a number of rounds, that nothing reached before. A target throws
 * for what is a mistake, and nothing for what it refuses; doing far more than an input is long is a
 * mistake too.
 *
 * <p>{@code -Dvramcast.fuzz.seconds=N} is how long each target is looked at, {@code
 * -Dvramcast.fuzz.seed=N} where chance begins. {@code -Dvramcast.fuzz.report=FOLDER} gets a file of
 * each target with how many inputs were tried, and the short ones that reached something new.
 */
public final class Fuzz {

  private static final int USUAL_INPUTS = 2_000;
  private static final int LONGEST = 1 << 14;
  private static final int MOST_KEPT = 20_000;

  /** Steps that any input may take, and those for each of its bytes. */
  private static final long STEPS = 3_000_000;

  private static final long STEPS_OF_BYTE = 30_000;

  private static final List<String> WORDS =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "1e999999999",
          "9223372036854775808",
          ".nan",
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "\"",
          "'",
          "\n",
          "\t",
          "- ",
          "#",
          "--",
          "$",
          "$(",
          "${a}",
          "{{",
          "!x ",
          "&a ",
          "*a",
          "<<",
          "=",
          "\u0000",
          "\u2028",
          "\ud83d\ude00",
          "(",
          ")",
          "\\",
          "%",
          "@");

  /** One for all targets, since to load the program anew takes longer than to try inputs. */
  private static final ClassLoader LOADER = new EdgeLoader(Fuzz.class.getClassLoader());

  private final String name;
  private final Consumer<byte[]> target;
  private final List<byte[]> corpus;
  private final byte[] reached = new byte[Edges.SIZE];
  private final Random random = new Random(Long.getLong("vramcast.fuzz.seed", 1));
  private long tried;

  private Fuzz(String name, Consumer<byte[]> target, List<byte[]> corpus) {
    this.name = name;
    this.target = target;
    this.corpus = corpus;
  }

  /**
   * A target in a class of its own, which is loaded once more.
   *
   * @param corpus inputs to begin with
   */
  public static Fuzz of(Class<? extends Consumer<byte[]>> target, List<byte[]> corpus) {
    return of(target, corpus, new Class<?>[0]);
  }

  /**
   * As {@link #of(Class, List)}, of one that is told something when it is made.
   *
   * @param told is the only parameter of its constructor
   */
  public static Fuzz of(
      Class<? extends Consumer<byte[]>> target, String told, List<byte[]> corpus) {
    return of(target, corpus, new Class<?>[] {String.class}, told);
  }

  private static Fuzz of(
      Class<? extends Consumer<byte[]>> target,
      List<byte[]> corpus,
      Class<?>[] parameters,
      Object... told) {
    try {
      Class<?> counted = Class.forName(target.getName(), true, LOADER);
      var constructor = counted.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      @SuppressWarnings("unchecked") // it is the same class
      Consumer<byte[]> made = (Consumer<byte[]>) constructor.newInstance(told);
      String name = target.getSimpleName() + (told.length == 0 ? "" : " " + told[0]);
      List<byte[]> all = new ArrayList<>(corpus);
      all.addAll(Kept.of(target, name));
      return new Fuzz(name, made, all);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The files of a folder. */
  public static List<byte[]> files(Path folder) {
    try (var files = Files.walk(folder)) {
      List<byte[]> all = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        all.add(Files.readAllBytes(file));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Tries the corpus and what is made of it: as many inputs as always, so that what passed passes
   * again, or with {@code -Dvramcast.fuzz.seconds=N} for as long.
   *
   * @return how many inputs were tried
   * @throws AssertionError with the input that shows a mistake
   */
  public long run() {
    return run(USUAL_INPUTS);
  }

  /** As {@link #run()}, with another number of inputs. */
  public long run(long inputs) {
    int seconds = Integer.getInteger("vramcast.fuzz.seconds", 0);
    long end = System.nanoTime() + 1_000_000_000L * seconds;
    List<byte[]> first = List.copyOf(corpus);
    first.forEach(this::isNew);
    while (seconds > 0 ? System.nanoTime() < end : tried < inputs) {
      byte[] input = changed(corpus.get(random.nextInt(corpus.size())));
      if (isNew(input) && corpus.size() < MOST_KEPT) {
        corpus.add(input);
      }
    }
    Kept.report(name, tried, corpus.subList(first.size(), corpus.size()));
    return tried;
  }

  private boolean isNew(byte[] input) {
    tried++;
    Edges.reset(STEPS + STEPS_OF_BYTE * input.length);
    // What is slow within the Java library takes no steps that are counted.
    Watch.begin(name, input);
    try {
      target.accept(input);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(shown(input), e);
    } finally {
      Watch.end();
    }
    boolean isNew = false;
    for (int place : Edges.places()) {
      // Twice as often is another behaviour.
      int often = Integer.SIZE - Integer.numberOfLeadingZeros(Edges.times(place));
      if (often > reached[place]) {
        reached[place] = (byte) often;
        isNew = true;
      }
    }
    return isNew;
  }

  static String shown(byte[] input) {
    return "input of "
        + input.length
        + " bytes, in base64 "
        + Base64.getEncoder().encodeToString(input)
        + ": "
        + new String(input, StandardCharsets.UTF_8);
  }

  private byte[] changed(byte[] from) {
    byte[] input = from;
    for (int changes = 1 + random.nextInt(5); changes > 0; changes--) {
      input = change(input);
    }
    return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
  }

  private byte[] change(byte[] from) {
    int at = random.nextInt(from.length + 1);
    int to = Math.min(from.length, at + 1 + random.nextInt(40));
    byte[] piece = Arrays.copyOfRange(from, at, to);
    return switch (random.nextInt(7)) {
      case 0 -> spliced(from, at, to, new byte[0]);
      case 1 -> spliced(from, at, at, word());
      case 2 -> spliced(from, at, to, word());
      case 3 -> spliced(from, at, at, piece);
      case 4 -> spliced(from, at, at, repeated(piece, 2 + random.nextInt(200)));
      case 5 -> spliced(from, at, to, ofAnother());
      default -> flipped(from, Math.min(at, from.length - 1));
    };
  }

  private byte[] word() {
    return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] ofAnother() {
    byte[] other = corpus.get(random.nextInt(corpus.size()));
    int start = random.nextInt(other.length + 1);
    return Arrays.copyOfRange(other, start, Math.min(other.length, start + random.nextInt(200)));
  }

  private byte[] flipped(byte[] from, int at) {
    byte[] copy = from.clone();
    if (at >= 0) {
      copy[at] = (byte) random.nextInt(256);
    }
    return copy;
  }

  private static byte[] repeated(byte[] piece, int times) {
    int count = Math.min(times, LONGEST / Math.max(1, piece.length));
    byte[] all = new byte[piece.length * count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(piece, 0, all, i * piece.length, piece.length);
    }
    return all;
  }

  private static byte[] spliced(byte[] from, int start, int end, byte[] by) {
    byte[] joined = new byte[from.length - (end - start) + by.length];
    System.arraycopy(from, 0, joined, 0, start);
    System.arraycopy(by, 0, joined, start, by.length);
    System.arraycopy(from, end, joined, start + by.length, from.length - end);
    return joined;
  }
}
