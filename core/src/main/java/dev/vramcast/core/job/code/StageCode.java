package dev.vramcast.core.job.code;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.objective.Stage;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a framework's trainers do at stages other than supervised ones.
 *
 * @param heads what they ask of the head; a stage that is not there is one whose trainer's code is
 *     not known
 * @param tiles of {@link StageHead#TILES}
 * @param withoutDropout stages at which all dropout is switched off
 * @param habits in which they differ from TRL's
 * @param wholeReferences stages whose reference or teacher FSDP does not divide
 * @param openReferences stages whose reference requires gradients, as it was loaded
 * @param losses trainers of losses that are not those of their stage's usual trainer
 */
public record StageCode(
    Map<Stage, StageHead> heads,
    LossChunks.Tiles tiles,
    Set<Stage> withoutDropout,
    Set<StageHabit> habits,
    Set<Stage> wholeReferences,
    Set<Stage> openReferences,
    Map<String, StageCode> losses)
    implements Named {

  /** No trainer is known. */
  public static final StageCode UNKNOWN = new StageCode(Map.of(), LossChunks.Tiles.NONE, Set.of());

  public StageCode {
    heads = Map.copyOf(heads);
    withoutDropout = Set.copyOf(withoutDropout);
    habits = Set.copyOf(habits);
    wholeReferences = Set.copyOf(wholeReferences);
    openReferences = Set.copyOf(openReferences);
    losses = Map.copyOf(losses);
  }

  /** Trainers whose references are divided as the policy is. */
  public StageCode(
      Map<Stage, StageHead> heads,
      LossChunks.Tiles tiles,
      Set<Stage> withoutDropout,
      Set<StageHabit> habits) {
    this(heads, tiles, withoutDropout, habits, Set.of(), Set.of(), Map.of());
  }

  /** Trainers that do as TRL's. */
  public StageCode(Map<Stage, StageHead> heads, LossChunks.Tiles tiles, Set<Stage> withoutDropout) {
    this(heads, tiles, withoutDropout, Set.of());
  }

  /** The trainer of a job's losses. */
  public StageCode ofLosses(List<String> types) {
    return types.stream().map(losses::get).filter(Objects::nonNull).findFirst().orElse(this);
  }

  /** The same with one more stage, whose trainer makes log-probabilities as that of another. */
  public StageCode withStageAs(Stage more, Stage other) {
    return with(more, Objects.requireNonNull(heads.get(other)));
  }

  /** The same with one more stage. */
  public StageCode with(Stage more, StageHead head) {
    Map<Stage, StageHead> all = new EnumMap<>(heads);
    all.put(more, head);
    return new StageCode(
        all, tiles, withoutDropout, habits, wholeReferences, openReferences, losses);
  }

  /** The same without some stages. */
  public StageCode without(Set<Stage> stages) {
    Map<Stage, StageHead> fewer = new EnumMap<>(heads);
    stages.forEach(fewer::remove);
    return new StageCode(
        fewer, tiles, withoutDropout, habits, wholeReferences, openReferences, losses);
  }

  /** The same with another habit in place of one that it has. */
  public StageCode replacing(StageHabit one, StageHabit other) {
    if (!does(one)) {
      return this;
    }
    Set<StageHabit> fewer = EnumSet.copyOf(habits);
    fewer.remove(one);
    return with(fewer, other);
  }

  /** The same with one more habit. */
  public StageCode with(StageHabit more) {
    return with(habits, more);
  }

  private StageCode with(Set<StageHabit> some, StageHabit more) {
    Set<StageHabit> all = EnumSet.of(more);
    all.addAll(some);
    return new StageCode(
        heads, tiles, withoutDropout, all, wholeReferences, openReferences, losses);
  }

  public boolean does(StageHabit habit) {
    return habits.contains(habit);
  }

  /** Whether the trainer runs its model under an autocast of its own, whoever shards it. */
  public boolean autocasts(Stage stage) {
    return switch (stage) {
      case GRPO -> does(StageHabit.AUTOCASTS_GRPO);
      case RLOO -> does(StageHabit.AUTOCASTS_RLOO);
      default -> false;
    };
  }

  /** Whether a stage's loop is PPO's by itself, as {@link StageHabit#ROLLS_OUT} has it. */
  public boolean rollsOut(Stage stage) {
    return stage == Stage.PPO && does(StageHabit.ROLLS_OUT);
  }

  /** Whether a stage's loop is PPO's of {@link StageHabit#VALUES_BESIDE_WORDS}. */
  public boolean valuesBesideWords(Stage stage) {
    return stage == Stage.PPO && does(StageHabit.VALUES_BESIDE_WORDS);
  }

  /** Whether what is said of the loss holds at a stage: its head is that of the loss. */
  public boolean readsLoss(Stage stage) {
    return stage.isSupervised() || heads.get(stage) == StageHead.TILES;
  }

  /** Empty where the trainer's code is not known. */
  public Optional<StageHead> head(Stage stage) {
    return Optional.ofNullable(heads.get(stage));
  }

  /** The ways that occur, in their order. */
  @Override
  public String label() {
    return heads.isEmpty()
        ? "none"
        : heads.values().stream()
            .sorted()
            .distinct()
            .map(StageHead::label)
            .collect(Collectors.joining(", "));
  }
}
