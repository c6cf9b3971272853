package dev.vramcast.formats.training.trl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Readings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands of programs that are not there and that no package has. */
class UnknownProgramsTest {

  private static final String MODEL = " --model_name_or_path Qwen/Qwen3-8B ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deepspeed --master_port 1 --module lab.trainers.text.sft",
        "python -m lab.trainers.train",
        "torchrun --nproc_per_node 8 lab/train.py"
      })
  void one_that_is_told_of_a_model_alone_is_to_be_given_itself(String command) {
    String script = command + MODEL + "--train_datasets a --output_dir o\n";

    assertThatThrownBy(() -> Readings.of("run.sh", script))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("which is no training program below its folder");
  }

  @Test
  void a_module_is_said_to_be_unknown_where_its_options_are_taken() {
    String script = "deepspeed --module lab.tune" + MODEL + "--per_device_train_batch_size 2\n";

    assertThat(Readings.keys(Readings.of("run.sh", script), FindingCode.NOT_FOLLOWED))
        .contains("lab/tune.py");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpo", "orpo", "kto"})
  void a_switch_tells_what_it_trains_for(String stage) {
    String script = "python train.py" + MODEL + "--learning_rate 1e-5 --" + stage + " true\n";

    assertThat(Readings.values(Readings.of("run.sh", script)))
        .containsEntry("objective.stage", stage);
    assertThat(Readings.values(Readings.of("run.sh", script.replace("true", "false"))))
        .doesNotContainKey("objective.stage");
  }
}
