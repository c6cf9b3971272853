package dev.vramcast.core.architecture.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mixer.Attention;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EuroBertTest {

  private static final String ULTRA =
      "ultrabert small num_hidden_layers=3 architectures=[UltrabertModel] ";

  private static List<Integer> windows(String more) {
    Architecture model = Configs.read(ULTRA + more);
    return model.layers().stream()
        .flatMap(run -> Stream.generate(run::period).limit(run.times()))
        .flatMap(List::stream)
        .map(DecoderLayer::mixer)
        .map(mixer -> ((Attention) mixer).slidingWindow())
        .toList();
  }

  @Test
  void windows_are_those_that_are_listed_or_in_two_of_three_layers() {
    assertThat(windows("")).containsExactly(128, 128, 0);
    assertThat(windows("attention_windows=[64 null 64]")).containsExactly(64, 0, 64);
    assertThat(windows("attention_windows=[false false false]")).containsExactly(0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "[64 null], 'attention_windows has 2 entries for 3 layers'",
    "[64 none 64], 'attention_windows has ''none'''",
    "[64 true 64], 'attention_windows has true'",
    "[64 -1 64], 'attention_windows has -1'",
    "[64 0.5 64], 'attention_windows has 0.5'",
    "[64 128 64], 'windows of 64 and 128 tokens'"
  })
  void windows_that_nobody_can_read_are_refused(String windows, String message) {
    assertThatThrownBy(() -> windows("attention_windows=" + windows)).hasMessageContaining(message);
  }
}
