package dev.vramcast.input.growth;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Holds that a parser takes no more than in proportion to its input: the steps that are counted in
 * it, and the bytes that it allocates, at one, four and eight times a size.
 */
public final class Growth {

  private static final List<Integer> TIMES = List.of(1, 4, 8);

  /** Of what the longest takes beside half of it: a logarithm, and tables that grow by halves. */
  private static final double MOST = 2.5;

  /** Of what the longest takes beside the shortest. */
  private static final double MOST_IN_ALL = 1.75 * 8;

  /** Buffers come in large pieces. */
  private static final long BUFFERS = 1 << 18;

  /** Numbers that have the same length. */
  private static final int NUMBERS = 100_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Consumer<String> parser;

  private Growth(Consumer<String> parser) {
    this.parser = parser;
  }

  /**
   * A parser in a class of its own, which is loaded once more; what it throws for its input it
   * catches itself.
   */
  public static Growth of(Class<? extends Consumer<String>> parser) {
    try {
      Class<?> counted =
          Class.forName(parser.getName(), true, new CountingLoader(parser.getClassLoader()));
      Constructor<?> constructor = counted.getDeclaredConstructor();
      constructor.setAccessible(true);
      @SuppressWarnings("unchecked") // it is the same class
      Consumer<String> made = (Consumer<String>) constructor.newInstance();
      return new Growth(made);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Cost(long steps, long bytes) {}

  /**
   * Fails where a text of twice the size takes more than about twice as much.
   *
   * @param shape a text of a size
   * @param size of the shortest
   */
  public void isLinear(String name, IntFunction<String> shape, int size) {
    // The first one loads classes.
    parser.accept(shape.apply(size));
    List<Cost> costs = new ArrayList<>();
    TIMES.forEach(times -> costs.add(cost(shape.apply(times * size))));
    Cost shortest = costs.get(0);
    Cost half = costs.get(costs.size() - 2);
    Cost longest = costs.get(costs.size() - 1);
    assertThat((double) longest.steps())
        .as("steps of '%s': %s", name, costs)
        .isLessThan(MOST * half.steps())
        .isLessThan(MOST_IN_ALL * shortest.steps());
    assertThat((double) longest.bytes())
        .as("bytes of '%s': %s", name, costs)
        .isLessThan(MOST * half.bytes() + BUFFERS)
        .isLessThan(MOST_IN_ALL * shortest.bytes() + BUFFERS);
  }

  /**
   * As {@link #isLinear(String, IntFunction, int)} of a text that goes on as it began.
   *
   * @param shape the start, {@code @}, what is repeated, and where it is closed again, {@code @}
   *     and what closes it as often; {@code #} is a number that counts
   */
  public void isLinear(String shape, int size) {
    String[] parts = shape.split("@", -1);
    String close = parts.length > 2 ? parts[2] : "";
    isLinear(
        shape,
        times ->
            IntStream.range(0, times)
                    .mapToObj(i -> parts[1].replace("#", String.valueOf(NUMBERS + i)))
                    .collect(Collectors.joining("", parts[0], ""))
                + close.repeat(times),
        size);
  }

  private Cost cost(String text) {
    Steps.reset();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    parser.accept(text);
    return new Cost(Steps.count(), THREADS.getCurrentThreadAllocatedBytes() - before);
  }
}
