package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnusedParametersTest {

  private static final String KEY = "ddp_find_unused_parameters";

  private static boolean isReported(String options) {
    String text = "torchrun --nproc_per_node 2 swift/cli/sft.py --model a/b --max_length 64 ";
    return keys(of("run.sh", text + options), FindingCode.NOT_COUNTED).contains(KEY);
  }

  @ParameterizedTest
  @CsvSource({
    "lora, true, false, true",
    "lora, true, true, false",
    "lora, false, false, true",
    "full, true, true, true",
    "full, true, false, false",
    "full, false, false, true",
    "full, false, true, false",
  })
  void only_what_the_trainer_would_not_do_by_itself_is_said(
      String type, boolean checkpoints, boolean seeks, boolean said) {
    String options = "--tuner_type %s --gradient_checkpointing %s --%s %s";

    assertThat(isReported(options.formatted(type, checkpoints, KEY, seeks))).isEqualTo(said);
  }

  @ParameterizedTest
  @CsvSource({
    "--deepspeed zero2",
    "--fsdp full_shard",
  })
  void shards_have_no_buckets_of_ddp(String options) {
    assertThat(isReported("--tuner_type lora --" + KEY + " false " + options)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, true"})
  void one_gpu_has_nothing_to_reduce(int gpus, boolean said) {
    String text =
        "base_model: a/b\nadapter: lora\nmicro_batch_size: 1\nsequence_len: 64\nuse_ray: true\n"
            + "ray_num_workers: %d\n%s: false\n";

    assertThat(keys(of("axolotl.yml", text.formatted(gpus, KEY)), FindingCode.NOT_COUNTED))
        .satisfies(keys -> assertThat(keys.contains(KEY)).isEqualTo(said));
  }
}
