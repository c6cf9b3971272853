package dev.vramcast.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.calibration.MeasuredSpeed.Counted;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HintsTest {

  private static final long MIB = 1 << 20;
  private static final Estimated ESTIMATED =
      new Estimated(
          600 * MIB,
          1000 * MIB,
          1200 * MIB,
          1200 * MIB,
          400 * MIB,
          OptionalDouble.of(50),
          Map.of());

  @Test
  void a_run_as_estimated_needs_no_hint() {
    assertThat(
            hints(
                Map.of(
                    RunFigure.AFTER_LOAD, 600,
                    RunFigure.ALLOCATED, 1010,
                    RunFigure.RESERVED, 1210,
                    RunFigure.DEVICE, 1610),
                RunFacts.NONE))
        .isEmpty();
  }

  @Test
  void each_difference_gets_its_common_causes() {
    assertThat(hints(Map.of(RunFigure.ALLOCATED, 1200), RunFacts.NONE))
        .singleElement()
        .asString()
        .contains("eager attention");
    assertThat(hints(Map.of(RunFigure.ALLOCATED, 800), RunFacts.NONE))
        .singleElement()
        .asString()
        .contains("shorter than the cap");
    assertThat(hints(Map.of(RunFigure.AFTER_LOAD, 700), RunFacts.NONE))
        .singleElement()
        .asString()
        .contains("More weights");
    assertThat(hints(Map.of(RunFigure.AFTER_LOAD, 300), RunFacts.NONE))
        .singleElement()
        .asString()
        .contains("Fewer weights");
    assertThat(hints(Map.of(RunFigure.ALLOCATED, 1000, RunFigure.RESERVED, 1400), RunFacts.NONE))
        .singleElement()
        .asString()
        .contains("allocator.expandable_segments true avoids them");
    assertThat(hints(Map.of(RunFigure.RESERVED, 1200, RunFigure.DEVICE, 2000), RunFacts.NONE))
        .singleElement()
        .asString()
        .contains("another process on the card");
  }

  @Test
  void settings_to_look_at_are_in_the_words_of_no_surface() {
    Phrase sentence = hints(Map.of(RunFigure.AFTER_LOAD, 700), RunFacts.NONE).get(0).sentence();

    assertThat(sentence.mentions(JobKey.MODEL_DTYPE)).isTrue();
    assertThat(sentence.mentions(JobKey.QUANTIZATION_SCHEME)).isTrue();
  }

  @Test
  void what_the_run_says_is_used() {
    assertThat(hints(Map.of(), RunFacts.ofData(OptionalDouble.of(100), OptionalDouble.empty())))
        .singleElement()
        .asString()
        .contains("100 tokens on average", "for 256");
    RunFacts card =
        RunFacts.ofCard(
            OptionalLong.of(15_000 * MIB), OptionalLong.of(345 * MIB), OptionalLong.of(3));
    assertThat(hints(Map.of(), card))
        .anyMatch(hint -> hint.toString().contains("ran out of memory 3 times"))
        .anyMatch(hint -> hint.toString().contains("Other processes had 345 MiB"))
        .anyMatch(hint -> hint.toString().contains("had 15000 MiB, the estimate's has 24564 MiB"));
  }

  @Test
  void a_slow_run_is_told_from_another_count_of_tokens() {
    assertThat(speed(Counted.ALL)).singleElement().asString().contains("Slower than estimated");
    assertThat(speed(Counted.TRAINED))
        .singleElement()
        .asString()
        .contains("tokens that the loss is taken of");
  }

  private static List<Notice> speed(Counted counted) {
    Run run =
        new Run(
            List.of("log"),
            Map.of(),
            Optional.of(new MeasuredSpeed(30, false, counted, "log")),
            Map.of(),
            RunFacts.NONE,
            List.of());
    return Hints.of(run, ESTIMATED, job(), OptionalLong.empty());
  }

  private static List<Notice> hints(Map<RunFigure, Integer> mebibytes, RunFacts facts) {
    Map<RunFigure, MeasuredBytes> figures = new EnumMap<>(RunFigure.class);
    mebibytes.forEach(
        (figure, value) -> figures.put(figure, new MeasuredBytes(value * MIB, 0, "log")));
    Run run = new Run(List.of("log"), figures, Optional.empty(), Map.of(), facts, List.of());
    return Hints.of(run, ESTIMATED, job(), OptionalLong.of(24_564 * MIB));
  }

  @Test
  void examples_a_second_bound_the_speed() {
    assertThat(hints(Map.of(), RunFacts.ofData(OptionalDouble.empty(), OptionalDouble.of(2.5))))
        .singleElement()
        .asString()
        .contains("at 256 tokens each they were at most 640 tokens/s");
  }

  @Test
  void of_several_gpus_the_figures_may_be_those_of_another() {
    JobDocument many = document().withFlag(JobKey.GPU_COUNT, "4").withFlag(JobKey.STRATEGY, "ddp");
    Run run =
        new Run(
            List.of("log"),
            Map.of(RunFigure.ALLOCATED, new MeasuredBytes(1000 * MIB, 0, "log")),
            Optional.empty(),
            Map.of(),
            RunFacts.NONE,
            List.of());

    assertThat(Hints.of(run, ESTIMATED, JobResolver.resolve(many).job(), OptionalLong.empty()))
        .singleElement()
        .asString()
        .contains("the rank that needs most of 4");
  }

  private static ResolvedJob job() {
    return JobResolver.resolve(document()).job();
  }

  private static JobDocument document() {
    return JobDocument.empty()
        .withFlag(JobKey.METHOD, "full")
        .withFlag(JobKey.SEQUENCE_LENGTH, "256");
  }
}
