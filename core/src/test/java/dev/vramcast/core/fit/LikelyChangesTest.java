package dev.vramcast.core.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.fit.Advice.Best;
import dev.vramcast.core.fit.Advice.Step;
import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.fit.FitCheck.Need;
import dev.vramcast.core.fit.Remedies.Remedy;
import dev.vramcast.core.range.ByteRange;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is worth a try on a card, where nothing that can be done there is certain to be enough. */
class LikelyChangesTest {

  private static final FitEvaluator SMALL = Fits.evaluator(300);

  private static final FitCheck JOB =
      SMALL.check(Fits.job("--method lora --rank 64 --micro-batch 8 --checkpointing none"));

  private static final List<Remedy> REMEDIES =
      List.of(TrainingRemedies::rank, StepRemedies::microBatch, TrainingRemedies::sequence);

  private static List<Step> likely(Predicate<FitCheck> enough) {
    return new AdviceSearch(SMALL).likely(JOB, REMEDIES, enough);
  }

  private static long after(Remedy... remedies) {
    List<Step> steps = new AdviceSearch(SMALL).together(JOB, List.of(remedies));
    return steps.get(steps.size() - 1).after().deviceBytes();
  }

  private static Predicate<FitCheck> within(long bytes) {
    return check -> check.deviceBytes() <= bytes;
  }

  @Test
  void changes_without_which_it_is_enough_are_left_out() {
    long two = after(StepRemedies::microBatch, TrainingRemedies::sequence);

    assertThat(likely(within(two)))
        .extracting(step -> step.change().name().split(" ")[0])
        .containsExactly("micro-batch", "sequence");
  }

  @Test
  void one_change_alone_is_no_set() {
    assertThat(likely(within(after(StepRemedies::microBatch)))).isEmpty();
    assertThat(likely(within(after(TrainingRemedies::rank)))).isEmpty();
  }

  @Test
  void nothing_is_said_where_not_even_all_are_enough() {
    assertThat(likely(check -> false)).isEmpty();
  }

  /** Columns: the chance that is known, and whether such a job is worth a try. */
  @ParameterizedTest
  @CsvSource({"0.7, true", "0.69, false", ", false"})
  void a_chance_that_nobody_knows_is_never_likely(Double chance, boolean likely) {
    assertThat(Advice.isLikely(tight(chance))).isEqualTo(likely);
  }

  /** Columns: the chance with the only single change, and what is advised. */
  @ParameterizedTest
  @CsvSource({"0.67, LIKELY_TOGETHER", "0.75, ALONE", ", LIKELY_TOGETHER"})
  void a_single_change_goes_before_several_where_it_is_as_likely(Double chance, Best.Kind kind) {
    Step one = step(JOB, tight(chance));
    Step two = step(tight(chance), tight(0.8));

    Best best = new Advice(List.of(one), List.of(), List.of(one, two)).best();

    assertThat(best.kind()).isEqualTo(kind);
    assertThat(best.steps()).hasSize(kind == Best.Kind.ALONE ? 1 : 2);
  }

  @Test
  void a_likely_change_goes_before_a_milder_one_that_is_not() {
    Step mild = step(JOB, tight(0.6));
    Step likely = step(JOB, tight(0.8));

    assertThat(new Advice(List.of(mild, likely), List.of(), List.of()).best().steps())
        .containsExactly(likely);
    assertThat(new Advice(List.of(mild), List.of(), List.of()).best().steps())
        .containsExactly(mild);
  }

  private static Step step(FitCheck before, FitCheck after) {
    Change change = new Change("less", Drawback.PRECISION, "coarser", after.document());
    return new Step(change, before, after, after.deviceBytes());
  }

  /** A job that its card holds by the estimate, and not by all of its range. */
  private static FitCheck tight(Double chance) {
    long usable = JOB.usableBytes();
    Need need =
        new Need(
            usable - 1,
            new ByteRange(usable / 2, 2 * usable),
            chance == null ? OptionalDouble.empty() : OptionalDouble.of(chance),
            Optional.empty());
    return new FitCheck(
        JOB.document(),
        JOB.resolution(),
        JOB.memory(),
        JOB.room(),
        need,
        JOB.needs(),
        JOB.textOnly(),
        JOB.offers());
  }
}
