package dev.vramcast.core.range;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.TrainedModel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobKindTest {

  private static final Map<String, Object> LLAMA =
      Map.of(
          "model_type", "llama",
          "hidden_size", 64,
          "intermediate_size", 128,
          "num_hidden_layers", 2,
          "num_attention_heads", 2,
          "vocab_size", 100);

  @Test
  void a_job_has_the_name_of_its_framework_and_the_age_of_its_code() {
    JobKind kind =
        kind(
            Map.of(JobKey.FRAMEWORK_NAME, "axolotl", JobKey.TRANSFORMERS_VERSION, "4.50"),
            Map.of());

    assertThat(kind)
        .isEqualTo(
            new JobKind(
                "axolotl",
                ModelKind.DENSE,
                Spread.ONE_GPU,
                Stage.SFT,
                Optional.of(Era.SINCE_4_46)));
  }

  @ParameterizedTest
  @CsvSource({"zero2, 1, ONE_GPU", "ddp, 2, DDP", "fsdp1, 4, FSDP", "fsdp2, 4, FSDP"})
  void a_strategy_counts_on_many_gpus_only(String strategy, String gpus, Spread spread) {
    JobKind kind = kind(Map.of(JobKey.STRATEGY, strategy, JobKey.GPU_COUNT, gpus), Map.of());

    assertThat(kind.spread()).isEqualTo(spread);
  }

  @Test
  void a_job_whose_experts_stand_on_several_gpus_is_of_a_kind_of_its_own() {
    Map<String, Object> experts =
        Map.of("model_type", "mixtral", "num_local_experts", 4, "num_experts_per_tok", 2);
    Map<JobKey, String> fsdp = Map.of(JobKey.STRATEGY, "fsdp2", JobKey.GPU_COUNT, "4");
    Map<JobKey, String> spread =
        Map.of(JobKey.STRATEGY, "fsdp2", JobKey.GPU_COUNT, "4", JobKey.EXPERT, "4");

    assertThat(kind(fsdp, experts).spread()).isEqualTo(Spread.FSDP);
    assertThat(kind(spread, experts).spread()).isEqualTo(Spread.EXPERT_PARALLEL);
  }

  @ParameterizedTest
  @CsvSource({"4.45, BEFORE_4_46", "4.46, SINCE_4_46", "4.57, SINCE_4_46", "5.0, SINCE_5"})
  void ages_are_told_apart_by_the_release(String transformers, Era era) {
    JobKind kind = kind(Map.of(JobKey.TRANSFORMERS_VERSION, transformers), Map.of());

    assertThat(kind.era()).contains(era);
    assertThat(kind.ofUnknownAge().era()).isEmpty();
  }

  @Test
  void stages_of_one_pass_are_one_stage() {
    assertThat(kind(Map.of(JobKey.STAGE, "pretrain"), Map.of()).stage()).isEqualTo(Stage.SFT);
    assertThat(kind(Map.of(JobKey.STAGE, "dpo"), Map.of()).stage()).isEqualTo(Stage.DPO);
  }

  @Test
  void models_are_told_apart_by_the_code_that_others_do_not_run() {
    Map<String, Object> experts =
        Map.of("model_type", "mixtral", "num_local_experts", 4, "num_experts_per_tok", 2);

    assertThat(kind(Map.of(), experts).model()).isEqualTo(ModelKind.MOE);
    assertThat(kind(Map.of(), Map.of("model_type", "qwen", "seq_length", 64)).model())
        .isEqualTo(ModelKind.REMOTE);
  }

  @Test
  void keys_give_up_one_fact_after_the_other() {
    assertThat(RangeKey.of(Figure.DEVICE, RunErrors.of("trl"), Set.of("trl", "peft")))
        .extracting(RangeKey::words)
        .startsWith(
            "device, trl, dense, one GPU, sft, Transformers 5",
            "device, trl, dense, one GPU, sft",
            "device, trl, dense, one GPU",
            "device, trl, dense",
            "device, trl",
            "device, peft or trl, dense, one GPU",
            "device, peft or trl, dense",
            "device, peft or trl",
            "device",
            "reserved or device, trl, dense, one GPU")
        .endsWith("all figures, peft or trl", "all figures");
    assertThat(RangeKey.of(Figure.COUNTED, RunErrors.of("litgpt"), Set.of()))
        .extracting(RangeKey::words)
        .endsWith("counted, litgpt", "counted");
  }

  private static JobKind kind(Map<JobKey, String> flags, Map<String, Object> config) {
    JobDocument document = JobDocument.empty().withFlag(JobKey.SEQUENCE_LENGTH, "512");
    for (Map.Entry<JobKey, String> flag : flags.entrySet()) {
      document = document.withFlag(flag.getKey(), flag.getValue());
    }
    ResolvedJob job = JobResolver.resolve(document).job();
    Map<String, Object> values = new HashMap<>(LLAMA);
    values.putAll(config);
    Architecture model = TrainedModel.read(new ModelConfig("test", values), job.objective());
    return JobKind.of(job, model);
  }
}
