package dev.vramcast.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.calibration.Attribution.Part;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class AttributionTest {

  private static final Estimated ESTIMATED =
      new Estimated(
          600,
          1000,
          1200,
          1200,
          400,
          OptionalDouble.empty(),
          Map.of(Component.WEIGHTS, 600L, Component.STEP, 400L));

  @Test
  void parts_are_what_lies_between_the_figures() {
    Attribution attribution =
        of(
            Map.of(
                RunFigure.AFTER_LOAD, 650L,
                RunFigure.ALLOCATED, 1100L,
                RunFigure.RESERVED, 1350L,
                RunFigure.DEVICE, 1900L));

    assertThat(attribution.parts())
        .containsExactly(
            new Part("weights", "after load", 650, 600),
            new Part("the step's tensors", "allocated less after load", 450, 400),
            new Part("caching allocator", "reserved less allocated", 250, 200),
            new Part("context and others", "on the device less reserved", 550, 400));
    assertThat(attribution.untold()).isEmpty();
  }

  @Test
  void parts_sum_to_the_difference_of_the_highest_figure() {
    Attribution attribution = of(Map.of(RunFigure.ALLOCATED, 900L, RunFigure.RESERVED, 1350L));

    assertThat(attribution.parts().stream().mapToLong(Part::differenceBytes).sum())
        .isEqualTo(1350 - 1200);
  }

  @Test
  void what_the_first_steps_give_back_is_named_beside_the_context() {
    Estimated settled = new Estimated(600, 1000, 1200, 1100, 400, OptionalDouble.empty(), Map.of());

    assertThat(of(Map.of(RunFigure.RESERVED, 1200L, RunFigure.DEVICE, 1500L), settled).parts())
        .endsWith(
            new Part(
                "context and others, less what was given back",
                "on the device less reserved",
                300,
                300));
  }

  @Test
  void parts_do_not_overlap_where_a_figure_in_between_is_missing() {
    assertThat(of(Map.of(RunFigure.ALLOCATED, 900L, RunFigure.DEVICE, 1700L)).parts())
        .containsExactly(
            new Part("tensors", "allocated", 900, 1000),
            new Part("allocator, context and others", "on the device less allocated", 800, 600));
  }

  @Test
  void what_cannot_be_told_is_said() {
    assertThat(of(Map.of(RunFigure.DEVICE, 1900L)).untold())
        .singleElement()
        .asString()
        .contains("reserved bytes were not measured");
    assertThat(of(Map.of(RunFigure.RESERVED, 1350L)).untold())
        .anyMatch(sentence -> sentence.contains("peak of allocated bytes was not measured"))
        .anyMatch(sentence -> sentence.contains("takes nvidia-smi"));
    assertThat(of(Map.of(RunFigure.ALLOCATED, 900L)).untold())
        .anyMatch(sentence -> sentence.contains("a memory snapshot with a trace"));
  }

  @Test
  void components_of_a_peak_stand_beside_those_of_the_trace() {
    Run run =
        new Run(
            List.of("snapshot"),
            Map.of(),
            Optional.empty(),
            Map.of(Component.BEFORE, 620L, Component.STEP, 300L),
            RunFacts.NONE,
            List.of());

    Attribution attribution = Attribution.of(run, ESTIMATED);

    assertThat(attribution.parts()).isEmpty();
    assertThat(attribution.components())
        .containsExactly(
            new Part("weights and adapters", "alive at the peak", 0, 600),
            new Part("activations and temporaries", "alive at the peak", 300, 400),
            new Part("there before the trace began", "alive at the peak", 620, 0));
    assertThat(attribution.untold())
        .anyMatch(sentence -> sentence.contains("before the model is loaded"))
        .anyMatch(sentence -> sentence.contains("Gradients of logits"));
  }

  private static Attribution of(Map<RunFigure, Long> bytes) {
    return of(bytes, ESTIMATED);
  }

  private static Attribution of(Map<RunFigure, Long> bytes, Estimated estimated) {
    Map<RunFigure, MeasuredBytes> figures = new EnumMap<>(RunFigure.class);
    bytes.forEach((figure, value) -> figures.put(figure, new MeasuredBytes(value, 0, "log")));
    Run run =
        new Run(List.of("log"), figures, Optional.empty(), Map.of(), RunFacts.NONE, List.of());
    return Attribution.of(run, estimated);
  }
}
