package dev.vramcast.core.architecture.family.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.mixer.NoMixer;
import dev.vramcast.core.architecture.mlp.NoMlp;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerRunsTest {

  @ParameterizedTest
  @CsvSource({
    "A, A x1",
    "AAAA, A x4",
    "ABABAB, AB x3",
    "ABABABA, AB x3 + A x1",
    "AABAABAAB, AAB x3",
    "SSSSSFSSSSSFSS, SSSSSF x2 + S x2",
    "DDDEEEEE, D x3 + E x5",
    "DEEEE, D x1 + E x4",
    "ABC, A x1 + B x1 + C x1",
    "AABBAABB, AABB x2",
  })
  void repeated_layers_become_runs(String layers, String expected) {
    List<LayerRun> runs = LayerRuns.compress(layers(layers));

    assertThat(runs.stream().map(LayerRunsTest::text).collect(Collectors.joining(" + ")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"ABCABDABCABD", "MEMEMSEMEMEMSEMM", "ABBABBBA", "AABABBBABAAB"})
  void runs_write_out_to_the_same_layers(String layers) {
    StringBuilder written = new StringBuilder();
    for (LayerRun run : LayerRuns.compress(layers(layers))) {
      String period =
          run.period().stream().map(LayerRunsTest::letter).collect(Collectors.joining());
      written.append(period.repeat(run.times()));
    }

    assertThat(written).hasToString(layers);
  }

  @Test
  void no_layers_make_no_runs() {
    assertThat(LayerRuns.compress(List.of())).isEmpty();
  }

  private static List<DecoderLayer> layers(String letters) {
    return letters.chars().mapToObj(letter -> layer(Character.toString(letter))).toList();
  }

  private static DecoderLayer layer(String name) {
    return DecoderLayer.builder()
        .mixer(new NoMixer())
        .mlp(new NoMlp())
        .beforeMixer(Optional.of(new Norm(name, Norm.Type.RMS, 1, true, false)))
        .build();
  }

  private static String letter(DecoderLayer layer) {
    return layer.beforeMixer().orElseThrow().name();
  }

  private static String text(LayerRun run) {
    return run.period().stream().map(LayerRunsTest::letter).collect(Collectors.joining())
        + " x"
        + run.times();
  }
}
