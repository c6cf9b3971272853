package dev.vramcast.core.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.fit.TimeEffect.Basis;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.work.ModelProfile;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeEffectTest {

  private static final ModelProfile MODEL = ModelProfile.of(Fits.llama());
  private static final FitEvaluator EVALUATOR = evaluator(rated("small", 165, 1008));

  @Test
  void a_factor_is_the_time_for_as_many_tokens_after_the_change_for_that_before() {
    FitCheck before = check("--method full --micro-batch 8");
    FitCheck after = check("--method full --micro-batch 8 --checkpointing full");

    TimeEffect effect = TimeEffect.of(MODEL, before, after);

    assertThat(effect.basis()).isEqualTo(Basis.ESTIMATED);
    assertThat(effect.factor().orElseThrow())
        .isEqualTo(speed(before) / speed(after), within(1e-12))
        .isBetween(1.2, 1.4);
  }

  @Test
  void a_change_and_its_reverse_undo_each_other() {
    FitCheck one = check("--method full --micro-batch 8");
    FitCheck other = check("--method lora --micro-batch 2 --grad-accum 4");

    double there = TimeEffect.of(MODEL, one, other).factor().orElseThrow();
    double back = TimeEffect.of(MODEL, other, one).factor().orElseThrow();

    assertThat(there * back).isEqualTo(1, within(1e-12));
  }

  @Test
  void another_card_is_compared_by_tokens_a_second() {
    FitCheck before = check("--method full --micro-batch 8");
    FitEvaluator twice = evaluator(rated("fast", 330, 2016));
    FitCheck after = twice.check(before.document());

    assertThat(TimeEffect.of(MODEL, before, after).factor().orElseThrow())
        .isEqualTo(speed(before) / speed(after), within(1e-12))
        .isLessThan(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--optimizer paged-adamw",
        "--optimizer paged-adamw-8bit",
      })
  void an_update_of_states_that_come_page_by_page_is_not_modelled(String flags) {
    FitCheck before = check("--method full");

    TimeEffect effect = TimeEffect.of(MODEL, before, check("--method full " + flags));

    assertThat(effect).isEqualTo(new TimeEffect(Basis.NOT_MODELLED, OptionalDouble.empty()));
  }

  @Test
  void an_update_on_the_cpu_takes_longer_than_one_on_the_gpu() {
    FitCheck before = check("--method full --strategy zero2 --count 2");

    TimeEffect effect =
        TimeEffect.of(
            MODEL, before, check("--method full --strategy zero2 --count 2 --offload optimizer"));

    assertThat(effect.basis()).isEqualTo(Basis.ESTIMATED);
    assertThat(effect.factor().orElseThrow()).isGreaterThan(1);
  }

  @Test
  void inputs_of_checkpoints_in_host_memory_are_modelled() {
    FitCheck before = check("--method full --checkpointing full");

    TimeEffect effect =
        TimeEffect.of(MODEL, before, check("--method full --checkpointing offloaded"));

    assertThat(effect.basis()).isNotEqualTo(Basis.NOT_MODELLED);
  }

  @ParameterizedTest
  @CsvSource({
    "--optimizer paged-adamw, --checkpointing full",
    "--optimizer paged-adamw, --optimizer paged-adamw-8bit",
    "--loss liger, --loss cce",
  })
  void nothing_is_said_of_what_was_not_modelled_before_or_makes_no_difference(
      String before, String after) {
    assertThat(TimeEffect.of(MODEL, check(before), check(after)).basis()).isEqualTo(Basis.UNKNOWN);
  }

  @Test
  void nothing_is_said_where_a_card_has_no_rates() {
    FitEvaluator unrated = Fits.evaluator(1 << 20);
    FitCheck before = unrated.check(Fits.job("--method full"));
    FitCheck after = unrated.check(Fits.job("--method full --checkpointing full"));

    assertThat(TimeEffect.of(MODEL, before, after).basis()).isEqualTo(Basis.UNKNOWN);
    assertThat(TimeEffect.of(MODEL, check("--method full"), after).basis())
        .isEqualTo(Basis.UNKNOWN);
  }

  @Test
  void factors_of_changes_multiply_to_that_of_all_together() {
    FitEvaluator small = evaluator(rated("small", 165, 1008, 900));
    FitCheck job = small.check(Fits.job("--method full --micro-batch 8"));

    Advice advice = Remedies.advise(small, job, List.of());

    assertThat(advice.together()).hasSizeGreaterThan(1);
    List<TimeEffect> steps = advice.together().stream().map(step -> step.time(MODEL)).toList();
    assertThat(steps).extracting(TimeEffect::basis).doesNotContain(Basis.NOT_MODELLED);
    double product =
        steps.stream().mapToDouble(step -> step.factor().orElse(1)).reduce(1, (a, b) -> a * b);
    assertThat(advice.time(MODEL).orElseThrow().factor().orElseThrow())
        .isEqualTo(product, within(1e-9));
  }

  private static FitCheck check(String flags) {
    return EVALUATOR.check(Fits.job(flags));
  }

  private static double speed(FitCheck job) {
    return TimeEstimator.estimate(
            MODEL, job.resolution().job(), job.card().orElseThrow(), MatmulType.PRECISION)
        .tokensPerSecond();
  }

  private static FitEvaluator evaluator(Gpu card) {
    return FitEvaluator.of(Fits.llama(), card, 0, Fits.ranges());
  }

  private static Gpu rated(String name, double teraflops, double bandwidth) {
    return rated(name, teraflops, bandwidth, 1 << 20);
  }

  private static Gpu rated(String name, double teraflops, double bandwidth, long mebibytes) {
    return Cards.with(Fits.card(name, mebibytes), Cards.rates("8.9", bandwidth, teraflops));
  }
}
