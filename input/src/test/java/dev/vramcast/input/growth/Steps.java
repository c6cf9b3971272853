package dev.vramcast.input.growth;

import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@link CountingLoader} puts into classes, and in place of those calls of the library that
 * look at more than a character or an element. Each thread counts its own.
 */
public final class Steps {

  /** How many there were, and how many there may be. */
  private static final ThreadLocal<long[]> STEPS =
      ThreadLocal.withInitial(() -> new long[] {0, Long.MAX_VALUE});

  private Steps() {}

  /** More was done than an input's length explains. */
  public static final class TooMany extends Error {
    private static final long serialVersionUID = 1L;

    TooMany(long steps) {
      super(steps + " steps");
    }
  }

  static void reset() {
    reset(Long.MAX_VALUE);
  }

  /** As {@link #reset()}; after so many steps the next one is {@link TooMany}. */
  public static void reset(long limit) {
    STEPS.get()[0] = 0;
    STEPS.get()[1] = limit;
  }

  static long count() {
    return STEPS.get()[0];
  }

  /** A method begins, or a loop goes round. */
  public static void step() {
    long[] steps = STEPS.get();
    if (++steps[0] > steps[1]) {
      steps[1] = Long.MAX_VALUE;
      throw new TooMany(steps[0]);
    }
  }

  /** Counts the characters that a pattern looks at. */
  public static Matcher matcher(Pattern pattern, CharSequence text) {
    return pattern.matcher(new CountedText(text.toString()));
  }

  public static boolean matches(String text, String pattern) {
    return matcher(Pattern.compile(pattern), text).matches();
  }

  public static String replaceAll(String text, String pattern, String by) {
    return matcher(Pattern.compile(pattern), text).replaceAll(by);
  }

  public static String replaceFirst(String text, String pattern, String by) {
    return matcher(Pattern.compile(pattern), text).replaceFirst(by);
  }

  public static int indexOf(String text, int c) {
    return indexOf(text, c, 0);
  }

  public static int indexOf(String text, int c, int from) {
    return forward(text, from, text.indexOf(c, from));
  }

  public static int indexOf(String text, String part) {
    return indexOf(text, part, 0);
  }

  public static int indexOf(String text, String part, int from) {
    return forward(text, from, text.indexOf(part, from));
  }

  public static int lastIndexOf(String text, int c) {
    return backward(text, text.lastIndexOf(c));
  }

  public static int lastIndexOf(String text, String part) {
    return backward(text, text.lastIndexOf(part));
  }

  public static boolean contains(String text, CharSequence part) {
    return indexOf(text, part.toString(), 0) >= 0;
  }

  /** Counts the elements of a list; a set looks at few. */
  public static boolean contains(Collection<?> all, Object one) {
    STEPS.get()[0] += all instanceof List ? all.size() : 1;
    return all.contains(one);
  }

  private static int forward(String text, int from, int found) {
    STEPS.get()[0] += Math.max(0, (found < 0 ? text.length() : found) - from);
    return found;
  }

  private static int backward(String text, int found) {
    STEPS.get()[0] += text.length() - Math.max(0, found);
    return found;
  }

  /** A text that counts each character that is looked at. */
  private record CountedText(String text) implements CharSequence {

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      STEPS.get()[0]++;
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
