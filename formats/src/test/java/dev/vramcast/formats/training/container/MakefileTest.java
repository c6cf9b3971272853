package dev.vramcast.formats.training.container;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.values;
import static dev.vramcast.formats.training.container.TrainCommand.TRAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MakefileTest {

  private static Map<String, Object> made(String before, String recipe) {
    return values(of("Makefile", before + "\ntrain:\n\t" + recipe + "\n"));
  }

  @Test
  void the_command_that_trains_has_the_values_of_the_variables() {
    Reading reading = ofSample("container/Makefile");

    assertThat(reading.format()).isEqualTo(FormatName.TRL);
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("lora.rank", 32)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.sequence_length", 2048)
        .containsEntry("hardware.count", 4);
    assertThat(reading.document().place(JobKey.LORA_RANK).orElseThrow().text())
        .startsWith("Makefile:24:");
  }

  @Test
  void recipes_have_the_values_of_the_end_of_the_file_and_plain_variables_those_of_their_line() {
    assertThat(made("B = 2\nC := $(B)\nB = 4\nD = $(B)", TRAIN + "$(D)"))
        .containsEntry("batch.micro_batch", 4);
    assertThat(made("B = 2\nC := $(B)\nB = 4", TRAIN + "${C}"))
        .containsEntry("batch.micro_batch", 2);
    assertThat(made("B = 2\nB ?= 8\nX = --lora_r 4\nX += --use_peft", TRAIN + "$(B) $(X)"))
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("method", "lora");
  }

  @Test
  void a_target_has_variables_of_its_own() {
    assertThat(made("B = 2\ntrain: B = 16", TRAIN + "$(B)")).containsEntry("batch.micro_batch", 16);
  }

  @Test
  void a_branch_that_texts_do_not_decide_leaves_what_is_known() {
    String branch = "B = 2\nifeq ($(CARD),h100)\nB = 8\nendif";

    assertThat(made(branch, TRAIN + "$(B)")).containsEntry("batch.micro_batch", 2);
    assertThat(made("CARD = h100\n" + branch, TRAIN + "$(B)"))
        .containsEntry("batch.micro_batch", 8);
    assertThat(made("ifdef CI\nB = 1\nelse ifneq (a,b)\nB = 3\nelse\nB = 5\nendif", TRAIN + "$(B)"))
        .containsEntry("batch.micro_batch", 3);
  }

  @Test
  void each_line_has_a_shell_of_its_own() {
    assertThat(made("", "B=2\n\t" + TRAIN + "$${B:-4}")).containsEntry("batch.micro_batch", 4);
    assertThat(made("", "B=2; " + TRAIN + "$$B")).containsEntry("batch.micro_batch", 2);
  }

  @Test
  void commands_have_variables_that_are_exported() {
    String nodes = "export NNODES = 2\nexport NPROC_PER_NODE = 8";

    assertThat(made(nodes, "swift sft --model Qwen/Qwen3-8B --max_length 64"))
        .containsEntry("hardware.count", 16);
  }

  @Test
  void a_variable_that_nothing_sets_is_filled_in_from_outside() {
    Reading reading = of("Makefile", "train:\n\t" + TRAIN + "$(BATCH)\n");

    assertThat(reading.unreadable().get(JobKey.MICRO_BATCH).refusal())
        .hasMessageContaining("Makefile:2")
        .hasMessageContaining("${BATCH}");
  }

  @Test
  void other_commands_that_train_are_said() {
    String two = "a:\n\t" + TRAIN + "1 --use_peft\nb:\n\t" + TRAIN + "2\n";

    assertThat(of("Makefile", two).findings())
        .anyMatch(found -> found.code() == FindingCode.NOT_COUNTED && found.mark().line() == 4);
  }

  @Test
  void a_text_without_a_name_is_known_by_its_rules() {
    assertThat(values(of("-", "train: data\n\t" + TRAIN + "2\n")))
        .containsEntry("batch.micro_batch", 2);
    assertThatThrownBy(() -> of("-", "a:\n\t- b\n")).hasMessageContaining("YAML");
    assertThatThrownBy(() -> of("-", "a:\n\tb: 1\n")).hasMessageContaining("YAML");
  }

  @Test
  void one_that_trains_nothing_is_refused() {
    assertThatThrownBy(() -> of("Makefile", "test:\n\tpytest\n"))
        .hasMessageContaining("Makefile: carries no command with options that trains");
    assertThatThrownBy(() -> of("Makefile", "define X\nendif\n\t\n:\nA += $(A)\nA := $(A\n"))
        .hasMessageContaining("carries no command");
  }

  @Test
  void values_that_name_each_other_end() {
    StringBuilder deep = new StringBuilder("A = $(A)$(A)\nV0 = x\n");
    for (int i = 1; i < 40; i++) {
      deep.append("V" + i + " = $(V" + (i - 1) + ")$(V" + (i - 1) + ")\n");
    }

    assertThat(made(deep.toString(), TRAIN + "2 --output_dir $(A)$(V39)$(V39)"))
        .containsEntry("batch.micro_batch", 2);
  }
}
