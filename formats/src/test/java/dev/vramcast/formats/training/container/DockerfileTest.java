package dev.vramcast.formats.training.container;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.values;
import static dev.vramcast.formats.training.container.TrainCommand.TRAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTest {

  private static Map<String, Object> made(String lines) {
    return values(of("Dockerfile", "FROM python:3.12\n" + lines + "\n"));
  }

  @Test
  void the_entry_point_has_the_words_of_the_command_behind_it() {
    Reading reading = ofSample("container/Dockerfile");

    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("lora.rank", 16)
        .containsEntry("batch.sequence_length", 1024)
        .containsEntry("hardware.count", 8);
    assertThat(reading.document().place(JobKey.LORA_RANK).orElseThrow().text())
        .startsWith("Dockerfile:16:21");
  }

  @Test
  void a_line_of_a_shell_has_the_variables_of_its_stage() {
    assertThat(made("ENV B=2 C=3\nARG D=4\nCMD " + TRAIN + "$B"))
        .containsEntry("batch.micro_batch", 2);
    assertThat(made("ENV B 2\nCMD " + TRAIN + "${B}")).containsEntry("batch.micro_batch", 2);
    assertThat(made("ENV B=2\nFROM python:3.13\nCMD " + TRAIN + "${B:-8}"))
        .containsEntry("batch.micro_batch", 8);
  }

  @Test
  void the_last_command_of_the_last_stage_counts() {
    assertThat(made("CMD " + TRAIN + "1 --use_peft\nCMD " + TRAIN + "2"))
        .containsEntry("batch.micro_batch", 2);
    assertThat(made("CMD " + TRAIN + "1\nENTRYPOINT " + TRAIN + "2\nCMD [\"x\"]"))
        .containsEntry("batch.micro_batch", 2);
  }

  @Test
  void a_stage_begins_with_what_another_one_ends_with() {
    assertThat(made("FROM x AS a\nCMD " + TRAIN + "2\nFROM a"))
        .containsEntry("batch.micro_batch", 2);
    assertThat(made("FROM x AS a\nENTRYPOINT " + TRAIN + "$B\nFROM a AS b\nENV B=4\nFROM b"))
        .containsEntry("batch.micro_batch", 4);
    assertThat(made("FROM x AS a\nENV B=2\nCMD " + TRAIN + "$B\nFROM a AS b\nENV B=4\nFROM a"))
        .containsEntry("batch.micro_batch", 2);
    assertThat(
            values(of("Dockerfile", "ARG B=2\nFROM x AS a\nARG B=4\nFROM y\nCMD " + TRAIN + "$B")))
        .containsEntry("batch.micro_batch", 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM x AS Base\nCMD ~2\nFROM base",
        "FROM x as base\nCMD ~2\nFROM \\\n  BASE",
        "ARG B=base\nFROM x AS base\nCMD ~2\nFROM ${B}",
        "ARG A=a B=\"${A}b\"\nFROM x AS ab\nCMD ~2\nFROM $B AS last",
        "FROM x AS ab\nCMD ~2\nFROM a${B:-b}",
      })
  void the_name_of_a_stage_has_no_case_and_may_be_filled_in(String text) {
    assertThat(values(of("Dockerfile", text.replace("~", TRAIN))))
        .containsEntry("batch.micro_batch", 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RUN echo it\\'s && cat <<A\nCMD x\nA",
        "RUN --mount=type=cache,target=/x \\\n  # none\n  python - <<A\nimport x\nCMD x\nA",
        "COPY <<A \\\n <<B /x\nA\nCMD x\nB",
        "RUN echo $((1<<20))",
        "RUN cat <<<word",
        "RUN echo \"usage: a <<name\" 'b <<name'",
        "RUN <<A\nx\nA",
        "RUN cat 3<<A <<-'B'\nx\nA\nCMD x\nB",
      })
  void rows_of_their_own_begin_where_a_word_does(String before) {
    assertThat(made(before + "\nENV B=2\nCMD " + TRAIN + "$B"))
        .containsEntry("batch.micro_batch", 2);
  }

  @Test
  void what_a_stage_begins_with_is_filled_in_no_further_than_a_name_goes() {
    StringBuilder text = new StringBuilder("ARG A0=ab\n");
    for (int i = 1; i < 60; i++) {
      text.append("ARG A").append(i).append("=${A").append(i - 1).append("}${A");
      text.append(i - 1).append("}\n");
    }
    text.append("FROM x\nCMD ").append(TRAIN).append("4\nFROM ${A59}\nCMD " + TRAIN + "2");

    assertThat(values(of("Dockerfile", text.toString()))).containsEntry("batch.micro_batch", 2);
  }

  @Test
  void what_runs_while_it_is_built_is_read_where_what_it_starts_trains_nothing() {
    String serves = "CMD [\"vllm\", \"serve\", \"out\"]";

    assertThat(made("ENV B=2\nRUN --mount=type=cache,target=/x " + TRAIN + "$B\n" + serves))
        .containsEntry("batch.micro_batch", 2);
    assertThat(made("RUN <<EOF\npip install trl\n" + TRAIN + "4\nEOF\n" + serves))
        .containsEntry("batch.micro_batch", 4);
    assertThat(made("RUN --mount=type=a \\\n  <<EOF\n" + TRAIN + "4\nEOF\n" + serves))
        .containsEntry("batch.micro_batch", 4);
    assertThat(made("RUN --mount=type=a \\\n    --mount=type=b \\\n    " + TRAIN + "8\n" + serves))
        .containsEntry("batch.micro_batch", 8);
  }

  @Test
  void comments_in_a_continued_instruction_are_passed_over() {
    assertThat(made("CMD " + TRAIN + "2 \\\n  # adapters\n\n  --use_peft"))
        .containsEntry("method", "lora");
  }

  @Test
  void words_without_a_shell_are_filled_in_by_nobody() {
    String words = "[\"" + (TRAIN + "$B").replace(" ", "\", \"") + "\"]";
    Reading reading = of("Dockerfile", "FROM a\nENV B=2\nCMD " + words + "\n");

    assertThat(reading.unreadable().get(JobKey.MICRO_BATCH).refusal()).hasMessageContaining("$B");
  }

  @Test
  void one_that_trains_nothing_is_refused() {
    assertThatThrownBy(() -> made("RUN pip install trl\nCMD [\"bash\"]"))
        .hasMessageContaining("Dockerfile: carries no command with options that trains");
    assertThatThrownBy(() -> of("-", "# a\nARG X=1\nFROM a\nCMD [\"\nENTRYPOINT [\n"))
        .hasMessageContaining("carries no command");
  }
}
