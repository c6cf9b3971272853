package dev.vramcast.formats.training.torchtitan;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.ofScript;
import static dev.vramcast.formats.training.Readings.sample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchtitanReaderTest {

  private static final String TOML = "torchtitan/llama3_8b.toml";

  @Test
  void toml_is_read_key_by_key() {
    Reading reading = ofSample(TOML);

    assertThat(reading.format()).isEqualTo(FormatName.TORCHTITAN);
    assertThat(values(reading))
        .containsEntry("model.id", "meta-llama/Llama-3.1-8B")
        .containsEntry("method", "full")
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.sequence_length", 8192)
        .containsEntry("batch.padding", "packed")
        .containsEntry("attention", "sdpa")
        .containsEntry("checkpointing", "selective")
        .containsEntry("compile", true)
        .containsEntry("optimizer.name", "adamw")
        .containsEntry("parallelism.tensor", 2)
        .containsEntry("parallelism.sequence_parallel", true)
        .containsEntry("hardware.count", 8)
        .doesNotContainKeys("parallelism.shard", "parallelism.pipeline");
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void options_of_the_command_stand_over_the_file() {
    Reading reading = ofScript("torchtitan/run.sh", "./llama3_8b.toml", TOML);

    assertThat(values(reading))
        .containsEntry("batch.sequence_length", 4096)
        .containsEntry("batch.micro_batch", 1)
        // 32 GPUs in pairs make 16 ranks of data, which take 16 sequences at once.
        .containsEntry("batch.grad_accum", 4)
        .containsEntry("checkpointing", "full")
        .containsEntry("hardware.count", 32)
        .containsEntry("hardware.nodes", 4);
  }

  @Test
  void shards_that_are_named_say_how_many_gpus_there_are() {
    String toml = sample(TOML).replace("shard_degree = -1", "shard_degree = 16");

    assertThat(values(of("a.toml", toml)))
        .containsEntry("hardware.count", 32)
        .containsEntry("parallelism.shard", 16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"for-loop", "foreach", "fused"})
  void an_optimizer_steps_as_its_implementation_says(String implementation) {
    String own = "[optimizer]\nimplementation = \"" + implementation + "\"\n";
    String toml = sample(TOML).replaceAll("implementation = .*", "").replace("[optimizer]\n", own);

    assertThat(values(of("a.toml", toml)))
        .containsEntry("optimizer.implementation", implementation);
  }

  @Test
  void layers_that_are_checkpointed_whole_are_told_from_operations() {
    String toml = sample(TOML).replace("\"op\"", "'2'");

    assertThat(values(of("a.toml", toml)))
        .containsEntry("checkpointing", "full")
        .containsEntry("checkpointing_every", 2);
  }

  @Test
  void a_pipeline_cuts_a_local_batch_into_micro_batches_of_single_rows() {
    String toml =
        sample(TOML)
            .replace("local_batch_size = 1", "local_batch_size = 8")
            .replace(
                "pipeline_parallel_degree = 1",
                "pipeline_parallel_degree = 4\npipeline_parallel_schedule = \"Interleaved1F1B\""
                    + "\npipeline_parallel_layers_per_stage = 4");

    assertThat(values(of("a.toml", toml)))
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.grad_accum", 8)
        .containsEntry("parallelism.pipeline_micro_batches", 8)
        .containsEntry("parallelism.pipeline_schedule", "interleaved-1f1b")
        .containsEntry("parallelism.layers_per_stage", List.of(4));
  }

  /** The sample has 8 GPUs, of which pairs share a layer: 4 stages leave one rank of data. */
  private static Reading pipeline(String local, String line) {
    String degree = "pipeline_parallel_degree = 1";
    return of(
        "a.toml",
        sample(TOML)
            .replace("local_batch_size = 1", "local_batch_size = " + local)
            .replace(degree, degree.replace('1', '4') + "\n" + line));
  }

  @ParameterizedTest
  @CsvSource({"7, 2, true, 3", "8, 2, false, 4", "1, 2, true, 1"})
  void a_local_batch_that_does_not_cut_into_micro_batches_is_refused(
      String local, int rows, boolean refused, int microBatches) {
    Reading reading = pipeline(local, "pipeline_parallel_microbatch_size = " + rows);

    assertThat(keys(reading, FindingCode.REFUSED))
        .isEqualTo(refused ? List.of("parallelism.pipeline_parallel_microbatch_size") : List.of());
    assertThat(values(reading))
        .containsEntry("parallelism.pipeline_micro_batches", microBatches)
        .containsEntry("batch.grad_accum", microBatches);
  }

  @ParameterizedTest
  @CsvSource({"12, true, 8", "16, false, 16", "4, true, 8"})
  void a_global_batch_is_a_multiple_of_local_batches_under_a_pipeline_too(
      int global, boolean refused, int accumulated) {
    Reading reading = pipeline("8\nglobal_batch_size = " + global, "");

    assertThat(keys(reading, FindingCode.REFUSED))
        .isEqualTo(refused ? List.of("training.global_batch_size") : List.of());
    assertThat(values(reading)).containsEntry("batch.grad_accum", accumulated);
  }

  @ParameterizedTest
  @CsvSource({
    "pipeline_parallel_schedule = 'PipelineScheduleMulti'",
    "pipeline_parallel_schedule = 'PipelineScheduleSingle'",
    "pipeline_parallel_schedule_csv = 'steps.csv'",
    "pipeline_parallel_schedule = 'ZBVZeroBubble'",
  })
  void schedules_whose_steps_are_not_known_are_not_modelled(String line) {
    Reading reading = pipeline("8", line.replace('\'', '"'));

    assertThat(reading.notModelled().orElseThrow().subject()).contains(JobKey.PIPELINE_SCHEDULE);
    assertThat(keys(reading, FindingCode.UNREADABLE_VALUE)).isEmpty();
  }

  @Test
  void a_schedule_that_there_is_not_is_a_finding() {
    Reading reading = pipeline("8", "pipeline_parallel_schedule = \"2F2B\"");

    assertThat(keys(reading, FindingCode.UNREADABLE_VALUE))
        .containsExactly("parallelism.pipeline_schedule");
  }

  @Test
  void a_pipeline_keeps_gathered_parameters() {
    String toml =
        sample(TOML).replace("pipeline_parallel_degree = 1", "pipeline_parallel_degree = 4");

    assertThat(values(of("a.toml", toml)))
        .containsEntry("parallelism.reshard_after_forward", false);
  }

  @Test
  void flavors_without_a_published_model_are_refused_with_those_that_have_one() {
    String toml = sample(TOML).replace("\"8B\"", "\"debugmodel\"");

    assertThatThrownBy(() -> of("a.toml", toml).under(JobDocument.empty()))
        .hasMessageContaining("model.flavor is 'debugmodel'")
        .hasMessageContaining("llama3/8b");
  }

  @Test
  void layers_of_fewer_bits_are_read_as_trained_so() {
    String toml =
        sample(TOML).replace("flavor =", "converters = [\"quantize.linear.float8\"]\nflavor =");

    assertThat(values(of("a.toml", toml))).containsEntry("quantized_training.scheme", "fp8");
  }

  @Test
  void gradients_are_reduced_in_the_dtype_that_is_named() {
    String toml =
        sample(TOML).replace("[training]", "[training]\nmixed_precision_reduce = \"bfloat16\"");

    assertThat(values(of("a.toml", toml))).containsEntry("parallelism.reduce_dtype", "bf16");
  }

  @ParameterizedTest
  @CsvSource({"alltoall, ring", "allgather,"})
  void keys_and_values_go_round_only_where_the_file_says_so(String method, String scheme) {
    String toml =
        sample(TOML)
            .replace(
                "context_parallel_degree = 1",
                "context_parallel_degree = 2\ncontext_parallel_rotate_method = \"" + method + "\"");

    assertThat(values(of("a.toml", toml)).get("parallelism.sequence_scheme")).isEqualTo(scheme);
  }
}
