package dev.vramcast.core.range;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The runs that one range is made from. What is empty may be anything. */
public record RangeKey(Figure figure, Optional<Spread> spread, Optional<Code> code) {

  /**
   * The keys that a number of a job falls under, the narrowest first: each gives up one fact. The
   * number goes last, since a range of one number says little about another.
   */
  public static List<RangeKey> of(Figure figure, JobKind kind) {
    Optional<Spread> spread = Optional.of(kind.spread());
    List<RangeKey> keys = new ArrayList<>();
    keys.add(new RangeKey(figure, spread, Optional.of(kind.code())));
    Optional<Figure> wider = Optional.of(figure);
    while (wider.isPresent()) {
      keys.add(new RangeKey(wider.get(), spread, Optional.empty()));
      keys.add(new RangeKey(wider.get(), Optional.empty(), Optional.empty()));
      wider = wider.get().wider();
    }
    return List.copyOf(keys);
  }

  /** For people, e.g. {@code reserved or device, one GPU, Transformers}. */
  public String words() {
    return Stream.of(
            Stream.of(figure.words()),
            spread.stream().map(Spread::words),
            code.stream().map(Code::words))
        .flatMap(part -> part)
        .collect(Collectors.joining(", "));
  }
}
