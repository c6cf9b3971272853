package dev.vramcast.core.job.option.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.option.layer.TrainedLayers.Place;
import dev.vramcast.core.run.Estimates;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which layers a partial fine-tune trains, and what that makes of a step. */
class TrainedLayersTest {

  private static final Architecture EIGHT =
      Estimates.model("llama", Map.of("num_hidden_layers", 8));

  /** {@code range(stride - 1, num_layers + stride - 1, stride)} of model/adapter.py. */
  @ParameterizedTest
  @CsvSource({
    "LAST, 2, '6 7', 2, 6",
    "FIRST, 2, '0 1', 8, 2",
    "SPREAD, 2, '3 7', 5, 3 4 7",
    "SPREAD, 4, '1 3 5 7', 7, 1 2 3 4 5 6 7",
    "SPREAD, 8, '0 1 2 3 4 5 6 7', 8, ''",
    "LAST, 8, '0 1 2 3 4 5 6 7', 8, ''"
  })
  void layers_are_those_that_llama_factory_trains(
      Place place, int count, String layers, int reached, String borders) {
    TrainedLayers trained = new TrainedLayers(count, place);

    assertThat(words(IntStream.range(0, 8).filter(layer -> trained.covers(layer, 8))))
        .isEqualTo(layers);
    assertThat(trained.reached(8)).isEqualTo(reached);
    assertThat(words(trained.borders(8))).isEqualTo(borders);
  }

  private static String words(IntStream numbers) {
    return numbers.mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }

  private static long peak(String place, int count, String flags) {
    String job = " --method freeze --sequence-length 2048 --trainable-layers " + count;
    return Estimates.of(EIGHT, flags + job + " --trainable-place " + place).allocatedBytes();
  }

  @ParameterizedTest
  @CsvSource({"full", "none"})
  void all_layers_take_as_much_wherever_they_are(String checkpointing) {
    String flags = "--checkpointing " + checkpointing;

    assertThat(peak("first", 8, flags)).isEqualTo(peak("last", 8, flags));
    assertThat(peak("spread", 8, flags)).isEqualTo(peak("last", 8, flags));
    assertThat(peak("spread", 1, flags)).isEqualTo(peak("last", 1, flags));
  }

  @Test
  void a_graph_that_begins_earlier_keeps_more() {
    String flags = "--checkpointing none";

    assertThat(peak("last", 2, flags)).isLessThan(peak("spread", 2, flags));
    assertThat(peak("spread", 2, flags)).isLessThan(peak("first", 2, flags));
  }
}
