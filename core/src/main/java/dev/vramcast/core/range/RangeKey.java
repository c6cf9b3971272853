package dev.vramcast.core.range;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.objective.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A group of runs by what they have in common. What is empty may be anything.
 *
 * @param frameworks whose code runs
 */
public record RangeKey(
    Figure figure,
    Frameworks frameworks,
    Optional<ModelKind> model,
    Optional<Spread> spread,
    Optional<Stage> stage,
    Optional<Era> era) {

  /** Whose code the runs of a group run. */
  public sealed interface Frameworks {

    /** Of those that are named; empty where any may be. */
    Set<String> names();

    /** That of one framework. */
    record Of(String name) implements Frameworks {

      @Override
      public Set<String> names() {
        return Set.of(name);
      }
    }

    /** That of any framework whose own code was run and counted. */
    record Counted(Set<String> names) implements Frameworks {

      public Counted {
        names = Set.copyOf(names);
      }
    }

    /** Anybody's. */
    record Any() implements Frameworks {

      @Override
      public Set<String> names() {
        return Set.of();
      }
    }
  }

  /**
   * The groups that a number of a job falls under, the narrowest first. Within a framework facts
   * are given up one after the other: its age, the stage, how it is spread, the kind of model; then
   * whose code it is, and at last the number, since a range of one says little about another.
   *
   * @param counted the frameworks whose own code was counted
   */
  static List<RangeKey> of(Figure figure, JobKind kind, Set<String> counted) {
    Frameworks own = new Frameworks.Of(kind.framework());
    Optional<ModelKind> model = Optional.of(kind.model());
    Optional<Spread> spread = Optional.of(kind.spread());
    Optional<Stage> stage = Optional.of(kind.stage());
    List<RangeKey> keys = new ArrayList<>();
    if (kind.era().isPresent()) {
      keys.add(new RangeKey(figure, own, model, spread, stage, kind.era()));
    }
    keys.add(new RangeKey(figure, own, model, spread, stage, Optional.empty()));
    Optional<Figure> group = Optional.of(figure);
    while (group.isPresent()) {
      addFalling(keys, group.get(), own, kind);
      if (counted.contains(kind.framework())) {
        addFalling(keys, group.get(), new Frameworks.Counted(counted), kind);
      }
      keys.add(all(group.get()));
      group = group.get().wider();
    }
    return List.copyOf(keys);
  }

  private static void addFalling(
      List<RangeKey> keys, Figure figure, Frameworks frameworks, JobKind kind) {
    Optional<ModelKind> model = Optional.of(kind.model());
    Optional<Stage> stage = Optional.empty();
    Optional<Era> era = Optional.empty();
    keys.add(new RangeKey(figure, frameworks, model, Optional.of(kind.spread()), stage, era));
    keys.add(new RangeKey(figure, frameworks, model, Optional.empty(), stage, era));
    keys.add(new RangeKey(figure, frameworks, Optional.empty(), Optional.empty(), stage, era));
  }

  /** All runs with such a number. */
  static RangeKey all(Figure figure) {
    return new RangeKey(
        figure,
        new Frameworks.Any(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RangeKey key
        && figure == key.figure
        && frameworks.getClass() == key.frameworks.getClass()
        && frameworks.names().equals(key.frameworks.names())
        && model.equals(key.model)
        && spread.equals(key.spread)
        && stage.equals(key.stage)
        && era.equals(key.era);
  }

  /** By hand, as {@link #equals}: a program that starts pays for what a record makes by itself. */
  @Override
  public int hashCode() {
    int hash = 31 * figure.hashCode() + frameworks.names().hashCode();
    hash = 31 * hash + model.hashCode();
    hash = 31 * hash + spread.hashCode();
    hash = 31 * hash + stage.hashCode();
    return 31 * hash + era.hashCode();
  }

  boolean holds(RunError run) {
    JobKind kind = run.kind();
    return figure.includes(run.figure())
        && isOf(kind.framework())
        && (model.isEmpty() || model.get().equals(kind.model()))
        && (spread.isEmpty() || spread.get().equals(kind.spread()))
        && (stage.isEmpty() || stage.get().equals(kind.stage()))
        && (era.isEmpty() || era.equals(kind.era()));
  }

  private boolean isOf(String name) {
    if (frameworks instanceof Frameworks.Of one) {
      return one.name().equals(name);
    }
    return !(frameworks instanceof Frameworks.Counted some) || some.names().contains(name);
  }

  /** Whether all of its runs are of one framework. */
  boolean isOfOneFramework() {
    return frameworks instanceof Frameworks.Of;
  }

  /** For people, e.g. {@code reserved, trl, dense, one GPU, sft}. */
  public String words() {
    return Stream.of(
            Stream.of(figure.words()),
            frameworkWords().stream(),
            model.map(ModelKind::words).stream(),
            spread.map(Spread::words).stream(),
            stage.map(Named::label).stream(),
            era.map(Era::words).stream())
        .flatMap(part -> part)
        .collect(Collectors.joining(", "));
  }

  private Optional<String> frameworkWords() {
    if (frameworks instanceof Frameworks.Of one) {
      return Optional.of(one.name());
    }
    return frameworks instanceof Frameworks.Counted some
        ? Optional.of(some.names().stream().sorted().collect(Collectors.joining(" or ")))
        : Optional.empty();
  }
}
