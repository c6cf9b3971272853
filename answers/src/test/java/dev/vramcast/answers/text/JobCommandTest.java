package dev.vramcast.answers.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.time.RunExtras;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobCommandTest {

  private static final JobDocument GPT2 = JobDocument.empty().withFlag(JobKey.MODEL_ID, "gpt2");

  private static String command(JobDocument job) {
    return JobCommand.estimate(job, RunExtras.USUAL).orElseThrow();
  }

  @Test
  void keys_become_their_flags() {
    JobDocument job = GPT2.withFlag(JobKey.LORA_RANK, "8").withFlag(JobKey.TOKENS, "1e6");

    assertThat(command(job)).isEqualTo("vramcast estimate --model gpt2 --rank 8 --tokens 1000000");
  }

  @Test
  void a_flag_stands_alone_where_it_is_true() {
    assertThat(command(GPT2.withFlag(JobKey.COMPILE, "true")))
        .isEqualTo("vramcast estimate --model gpt2 --compile");
    assertThat(command(GPT2.withFlag(JobKey.COMPILE, "false")))
        .isEqualTo("vramcast estimate --model gpt2 --compile=false");
  }

  @Test
  void lists_are_joined_and_empty_ones_left_out() {
    assertThat(command(GPT2.withFlag(JobKey.LORA_TARGETS, "q_proj,v_proj")))
        .isEqualTo("vramcast estimate --model gpt2 --targets q_proj,v_proj");
    assertThat(command(GPT2.withFlag(JobKey.LORA_MODULES_TO_SAVE, "")))
        .isEqualTo("vramcast estimate --model gpt2");
  }

  @Test
  void what_a_shell_would_split_is_quoted() {
    assertThat(command(GPT2.withFlag(JobKey.GPU, "RTX 4090"))).endsWith("--gpu 'RTX 4090'");
    assertThat(command(GPT2.withFlag(JobKey.GPU, "Bob's"))).endsWith("--gpu 'Bob'\\''s'");
  }

  @Test
  void what_a_run_does_beside_training_follows() {
    assertThat(JobCommand.estimate(GPT2, new RunExtras(2e6, 3)))
        .hasValue("vramcast estimate --model gpt2 --eval-tokens 2000000 --saves 3");
  }

  @Test
  void no_flag_takes_a_config_that_is_an_object() {
    JobDocument job =
        GPT2.with(JobKey.MODEL_CONFIG, Map.of("model_type", "gpt2"), Place.of("test"));

    assertThat(JobCommand.estimate(job, RunExtras.USUAL)).isEmpty();
  }
}
