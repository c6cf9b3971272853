package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisedLossTest {

  @ParameterizedTest
  @ValueSource(strings = {"nll", "chunked_nll", "dft"})
  void what_a_loss_type_computes_is_left_to_the_release(String type) {
    String command = "trl sft --model_name_or_path Qwen/Qwen2.5-0.5B --dataset_name a/b";

    assertThat(values(of("a.sh", command + " --loss_type " + type + "\n")))
        .containsEntry("objective.loss_type", List.of(type))
        .doesNotContainKey("loss");
  }
}
