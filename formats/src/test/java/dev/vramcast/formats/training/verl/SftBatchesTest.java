package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What verl's supervised trainer asserts of its batches. */
class SftBatchesTest {

  private static Reading on(int ranks, String options) {
    return of(
        "run.sh",
        "torchrun --nproc_per_node="
            + ranks
            + " -m verl.trainer.fsdp_sft_trainer model.partial_pretrain=Qwen/Qwen2.5-0.5B "
            + options);
  }

  @ParameterizedTest
  @CsvSource({
    "data.micro_batch_size=6 data.train_batch_size=64, data.micro_batch_size, GPU_COUNT",
    "data.micro_batch_size=8 data.train_batch_size=66, data.train_batch_size, GPU_COUNT",
    "data.micro_batch_size_per_gpu=3 data.train_batch_size=64, data.train_batch_size,"
        + " data.micro_batch_size_per_gpu"
  })
  void a_batch_that_is_not_divided_is_refused_with_both_keys(
      String options, String key, String other) {
    Reading reading = on(4, options);

    assertThat(keys(reading, FindingCode.REFUSED)).containsExactly(key);
    assertThat(reading.findings())
        .anyMatch(
            finding ->
                finding.code() == FindingCode.REFUSED
                    && finding.message().toString().contains(key)
                    && finding.message().toString().contains(other));
  }

  @Test
  void one_that_is_divided_is_not() {
    assertThat(keys(on(4, "data.micro_batch_size=8 data.train_batch_size=64"), FindingCode.REFUSED))
        .isEmpty();
    assertThat(
            keys(
                on(
                    8,
                    "data.micro_batch_size_per_gpu=4 data.train_batch_size=64"
                        + " ulysses_sequence_parallel_size=2"),
                FindingCode.REFUSED))
        .isEmpty();
  }

  @Test
  void fsdp1_is_said_where_it_is_counted_alone() {
    String options = "data.micro_batch_size=8 data.train_batch_size=64";

    assertThat(assumed(on(4, options))).contains("FSDP1 is counted");
    assertThat(assumed(on(4, options + " model.strategy=fsdp2"))).doesNotContain("FSDP1");
  }

  private static String assumed(Reading reading) {
    return reading.findings().stream()
        .filter(finding -> finding.key().equals("data.micro_batch_size"))
        .filter(finding -> finding.code() == FindingCode.ASSUMED)
        .findFirst()
        .orElseThrow()
        .message()
        .toString();
  }
}
