package dev.vramcast.core.range;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobKindTest {

  @ParameterizedTest
  @CsvSource({
    "trl, TRANSFORMERS",
    "ms-swift, TRANSFORMERS",
    "deepspeed, TRANSFORMERS",
    "litgpt, OWN",
    "torchtune, OWN",
    "megatron, OWN",
    "somebody-s-own, TRANSFORMERS",
  })
  void a_framework_has_models_of_its_own_or_those_of_transformers(String framework, Code code) {
    JobKind kind = kind(Map.of(JobKey.FRAMEWORK_NAME, framework));

    assertThat(kind).isEqualTo(new JobKind(Spread.ONE_GPU, code));
  }

  @ParameterizedTest
  @CsvSource({"zero2, 1, ONE_GPU", "ddp, 2, DDP", "fsdp1, 4, FSDP", "fsdp2, 4, FSDP"})
  void a_strategy_counts_on_many_gpus_only(String strategy, String gpus, Spread spread) {
    JobKind kind = kind(Map.of(JobKey.STRATEGY, strategy, JobKey.GPU_COUNT, gpus));

    assertThat(kind.spread()).isEqualTo(spread);
  }

  @Test
  void keys_give_up_one_fact_after_the_other() {
    JobKind kind = new JobKind(Spread.ZERO, Code.OWN);

    assertThat(RangeKey.of(Figure.HELD, kind))
        .extracting(RangeKey::words)
        .containsExactly(
            "reserved or device, ZeRO, models of its own",
            "reserved or device, ZeRO",
            "reserved or device",
            "all figures, ZeRO",
            "all figures");
    assertThat(RangeKey.of(Figure.COUNTED, kind)).hasSize(3);
  }

  private static JobKind kind(Map<JobKey, String> flags) {
    JobDocument document = JobDocument.empty().withFlag(JobKey.SEQUENCE_LENGTH, "512");
    for (Map.Entry<JobKey, String> flag : flags.entrySet()) {
      document = document.withFlag(flag.getKey(), flag.getValue());
    }
    return JobKind.of(JobResolver.resolve(document).job());
  }
}
