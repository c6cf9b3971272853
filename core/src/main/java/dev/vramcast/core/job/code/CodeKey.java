package dev.vramcast.core.job.code;

/**
 * A fact that the rules of a framework may state about its code. What it means stands at the
 * constant, in the class that its name begins with: {@code attention} is {@link AttentionCode},
 * {@code layers} {@link LayerCode}, and so on.
 */
public final class CodeKey<T> {

  /** Keys so far: a step asks thousands of times, so a code finds values by index. */
  private static int count;

  private final String name;
  private final T absent;
  private final int index = next();

  /**
   * A fact.
   *
   * @param name for people
   * @param absent what holds where no rule states it
   */
  CodeKey(String name, T absent) {
    this.name = name;
    this.absent = absent;
  }

  private static synchronized int next() {
    return count++;
  }

  /** For people. */
  public String name() {
    return name;
  }

  /** What holds where no rule states it. */
  T absent() {
    return absent;
  }

  /** Where a {@link FrameworkCode} keeps its value. */
  int index() {
    return index;
  }
}
