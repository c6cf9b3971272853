package dev.vramcast.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plan of a job that states micro-batch and accumulation: 3 x 5 sequences of each GPU. */
class KeptBatchTest {

  private static final String JOB =
      "{id: qwen2.5-0.5b}\nmethod: lora\nbatch: {micro_batch: 3, grad_accum: 5}\n";

  private static final String NOTE = "A step sees at least the job's 15 sequences on any number";

  @TempDir private Path folder;
  private Path job;

  @BeforeEach
  void job() throws IOException {
    job = Files.writeString(folder.resolve("job.yaml"), "model: " + JOB);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "H100 --count 8",
        "8xH100",
        "H100:8",
        "p4d.24xlarge",
        "runpod 8xH100",
        "lambda 8xh100,runpod 8xh100"
      })
  void on_a_stated_number_of_gpus_the_batch_of_each_is_as_stated(String gpu) {
    assertThat(sequences(plan(gpu))).containsOnly(120);
  }

  @Test
  void a_count_in_the_gpus_name_of_a_document_is_stated_too() throws IOException {
    job = Files.writeString(folder.resolve("job.yaml"), "hardware: {gpu: 8xH100}\nmodel: " + JOB);

    assertThat(sequences(plan(""))).containsOnly(120);
  }

  @ParameterizedTest
  @ValueSource(strings = {"H100", "H100:1..8", "lambda h100,runpod 8xh100"})
  void on_an_open_number_a_step_sees_at_least_the_jobs_sequences(String gpu) {
    JsonNode plan = plan(gpu);

    assertThat(plan.toString()).contains(NOTE);
    assertThat(sequences(plan)).allMatch(all -> all >= 15 && all < 30);
  }

  private static Iterable<Integer> sequences(JsonNode plan) {
    return plan.get("lines")
        .valueStream()
        .map(line -> line.get("job"))
        .map(
            each ->
                each.at("/batch/micro_batch").asInt()
                    * each.at("/batch/grad_accum").asInt()
                    * each.at("/hardware/count").asInt())
        .toList();
  }

  private JsonNode plan(String gpu) {
    String flags =
        "plan|%s|--offline|--format|json|--tokens|1e7|--max-price-age|any".formatted(job);
    String on = gpu.isEmpty() ? "" : "|--gpu|" + gpu.replace(" --count ", "|--count|");
    CliRun run = CliRun.of((flags + on).split("\\|"));
    assertThat(run.code()).as(run.err()).isZero();
    return JsonMapper.shared().readTree(run.out());
  }
}
