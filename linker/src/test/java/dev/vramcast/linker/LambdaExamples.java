package dev.vramcast.linker;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** Lambdas and references of all kinds, and what they answer. */
public final class LambdaExamples implements Supplier<List<String>> {

  /** An interface whose private method a lambda calls. */
  interface Greeter {

    String name();

    private String greeting(String word) {
      return word + " " + name();
    }

    default Function<String, String> greets() {
      return this::greeting;
    }
  }

  static final class Adder {

    private final long base;

    private Adder(long base) {
      this.base = base;
    }

    private long plus(int more) {
      return base + more;
    }
  }

  private final String word = "word";

  /** Answers. */
  @Override
  public List<String> get() {
    List<String> answers = new ArrayList<>();
    references(answers);
    conversions(answers);
    captures(answers, 3, 1L << 40, 2.5, 'x', "text");
    return List.copyOf(answers);
  }

  private void references(List<String> answers) {
    Function<Long, Adder> makes = Adder::new;
    BiFunction<Adder, Integer, Long> adds = Adder::plus;
    answers.add(String.valueOf(adds.apply(makes.apply(5L), 7)));
    Function<String, Integer> length = String::length;
    answers.add(String.valueOf(length.apply("four")));
    IntFunction<String[]> array = String[]::new;
    answers.add(String.valueOf(array.apply(3).length));
    Supplier<String> own = this::own;
    answers.add(own.get());
    Greeter greeter = () -> "you";
    answers.add(greeter.greets().apply("hello"));
    BiFunction<List<String>, Integer, String> from = List::get;
    answers.add(from.apply(List.of("a", "b"), 1));
    Runnable dropped = "text"::length;
    dropped.run();
    Function<Object, String> prints = String::valueOf;
    answers.add(prints.apply(1.5));
    answers.add(String.valueOf(same() == same()));
    Supplier<String> kept = (Supplier<String> & Serializable) () -> "kept";
    answers.add(kept.get());
  }

  private static Supplier<String> same() {
    return () -> "one instance";
  }

  private String own() {
    return word;
  }

  private static void conversions(List<String> answers) {
    ToLongFunction<Integer> widens = Integer::intValue;
    answers.add(String.valueOf(widens.applyAsLong(9)));
    ToDoubleFunction<Long> sums = number -> number;
    answers.add(String.valueOf(sums.applyAsDouble(1L << 50)));
    ToIntFunction<Character> code = letter -> letter;
    answers.add(String.valueOf(code.applyAsInt('c')));
    Function<Integer, Object> boxes = number -> number + 1;
    answers.add(String.valueOf(boxes.apply(1)));
    IntBinaryOperator greatest = Math::max;
    answers.add(String.valueOf(greatest.applyAsInt(4, 6)));
    BiFunction<Integer, Integer, Number> unboxes = Math::max;
    answers.add(String.valueOf(unboxes.apply(4, 6)));
    DoubleBinaryOperator power = Math::pow;
    answers.add(String.valueOf(power.applyAsDouble(2, 0.5)));
    LongUnaryOperator next = number -> number + 1;
    answers.add(String.valueOf(next.applyAsLong(Long.MAX_VALUE - 1)));
    DoubleUnaryOperator half = number -> number / 2;
    answers.add(String.valueOf(half.applyAsDouble(1)));
    Function<Map.Entry<String, Boolean>, Boolean> value = Map.Entry::getValue;
    answers.add(String.valueOf(value.apply(Map.entry("k", true))));
  }

  private void captures(
      List<String> answers, int number, long large, double real, char letter, String text) {
    Supplier<String> all = () -> text + number + large + real + letter + word;
    answers.add(all.get());
    UnaryOperator<String> twice = given -> given + all.get().length() + text;
    answers.add(twice.apply("-"));
    IntSupplier inner = () -> ((IntSupplier) () -> number + 1).getAsInt();
    answers.add(String.valueOf(inner.getAsInt()));
  }
}
