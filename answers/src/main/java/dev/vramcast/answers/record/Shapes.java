package dev.vramcast.answers.record;

import dev.vramcast.answers.record.Shape.Items;
import dev.vramcast.answers.record.Shape.OrAbsent;
import dev.vramcast.answers.record.Shape.OrNull;
import dev.vramcast.answers.record.Shape.Plain;
import dev.vramcast.answers.record.Shape.Table;
import dev.vramcast.answers.record.Shape.Told;
import dev.vramcast.answers.record.Shape.Whole;
import dev.vramcast.answers.record.Shape.Words;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.time.Seconds;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The shapes of Java's types. */
final class Shapes {

  /** To a ten-thousandth of a cent. */
  private static final int USD_DECIMALS = 6;

  private static final Map<Class<?>, Shape> PLAIN =
      Map.ofEntries(
          Map.entry(boolean.class, Plain.BOOLEAN),
          Map.entry(int.class, Plain.INTEGER),
          Map.entry(Integer.class, Plain.INTEGER),
          Map.entry(long.class, Plain.INTEGER),
          Map.entry(Long.class, Plain.INTEGER),
          Map.entry(double.class, Plain.NUMBER),
          Map.entry(Double.class, Plain.NUMBER),
          Map.entry(BigDecimal.class, Plain.NUMBER),
          Map.entry(String.class, Plain.STRING),
          Map.entry(LocalDate.class, new Told(Plain.STRING, Object::toString)),
          Map.entry(Duration.class, new Told(Plain.NUMBER, time -> Seconds.of((Duration) time))),
          Map.entry(Usd.class, new Told(Plain.NUMBER, usd -> ((Usd) usd).rounded(USD_DECIMALS))),
          Map.entry(
              UsdPerHour.class, new Told(Plain.NUMBER, price -> ((UsdPerHour) price).amount())),
          Map.entry(Object.class, new Shape.Anything()),
          Map.entry(JobDocument.class, new Shape.Job()),
          Map.entry(OptionalInt.class, new OrNull(Plain.INTEGER)),
          Map.entry(OptionalLong.class, new OrNull(Plain.INTEGER)),
          Map.entry(OptionalDouble.class, new OrNull(Plain.NUMBER)));

  private Shapes() {}

  /**
   * The shape of a type.
   *
   * @throws IllegalArgumentException for a type that no answer can hold
   */
  static Shape of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return of((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
    }
    Class<?> plain = (Class<?>) type;
    Shape shape = PLAIN.get(plain);
    if (shape != null) {
      return shape;
    }
    if (plain.isEnum()) {
      return words(plain);
    }
    boolean inline = Inline.class.isAssignableFrom(plain);
    if (plain.isRecord()) {
      return new Whole(List.of(Keys.of(plain)), inline);
    }
    if (plain.isSealed()) {
      return new Whole(
          Arrays.stream(plain.getPermittedSubclasses()).map(Keys::of).toList(), inline);
    }
    throw new IllegalArgumentException("no answer can hold " + type.getTypeName());
  }

  private static Shape of(Class<?> raw, Type[] arguments) {
    Shape last = of(arguments[arguments.length - 1]);
    if (raw == Optional.class) {
      return new OrNull(last);
    }
    if (raw == Extra.class) {
      return new OrAbsent(last);
    }
    if (raw == List.class) {
      return new Items(last);
    }
    if (raw == Map.class) {
      boolean words = ((Class<?>) arguments[0]).isEnum();
      return new Table(
          words ? Optional.of(words((Class<?>) arguments[0])) : Optional.empty(), last);
    }
    throw new IllegalArgumentException("no answer can hold " + raw.getName());
  }

  private static Words words(Class<?> type) {
    return new Words(type);
  }
}
