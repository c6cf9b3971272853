package dev.tunefit.core.memory.range;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The runs that one range is made from. What is empty may be anything.
 *
 * @param figure the number, or group of numbers
 */
public record RangeKey(
    Figure figure, Optional<Spread> spread, Optional<Code> code, Optional<Training> training) {

  /**
   * The keys that a number of a job falls under, the narrowest first: each gives up one fact. What
   * is trained goes first, since it changes which tensors there are but not who holds them; the
   * number goes last, since a range of one number says little about another.
   */
  public static List<RangeKey> of(Figure figure, JobKind kind) {
    Optional<Spread> spread = Optional.of(kind.spread());
    Optional<Code> code = Optional.of(kind.code());
    List<RangeKey> keys = new ArrayList<>();
    keys.add(new RangeKey(figure, spread, code, Optional.of(kind.training())));
    keys.add(new RangeKey(figure, spread, code, Optional.empty()));
    Optional<Figure> wider = Optional.of(figure);
    while (wider.isPresent()) {
      keys.add(new RangeKey(wider.get(), spread, Optional.empty(), Optional.empty()));
      keys.add(new RangeKey(wider.get(), Optional.empty(), Optional.empty(), Optional.empty()));
      wider = wider.get().wider();
    }
    return List.copyOf(keys);
  }

  /** For people, e.g. {@code reserved, one GPU}. */
  public String words() {
    return Stream.of(
            Stream.of(figure.words()),
            spread.stream().map(Spread::words),
            code.stream().map(Code::words),
            training.stream().map(Training::words))
        .flatMap(part -> part)
        .collect(Collectors.joining(", "));
  }
}
