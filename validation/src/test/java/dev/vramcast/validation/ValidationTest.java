package dev.vramcast.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.MeasuredKind;
import dev.vramcast.validation.cases.SpeedScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ValidationTest {

  @Test
  void results_stand_in_the_order_of_the_cases() {
    List<Case> many =
        IntStream.range(0, 1000)
            .mapToObj(i -> Cases.ran("case-" + i, 1000 + i, MeasuredKind.ALLOCATED, ""))
            .toList();

    assertThat(run(many).results())
        .extracting(CaseResult::id)
        .containsExactlyElementsOf(many.stream().map(Case::id).toList());
  }

  @Test
  void a_job_that_cannot_be_read_counts_as_unsupported_and_says_why() {
    Report report =
        run(
            List.of(
                Cases.ofJob("unknown key", job("batch", Map.of("micro_bach", 1L))),
                Cases.ofJob("wrong value", job("method", "loro")),
                Cases.ofJob("wrong type", job("batch", List.of())),
                Cases.ofJob("no length", job("batch", Map.of())),
                Cases.ofJob("empty", Map.of()),
                Cases.ofJob("no model", job("model", Map.of("id", "who/knows-9b"))),
                Cases.ofJob(
                    "model", job("model", Map.of("config", Map.of("model_type", "nothing")))),
                Cases.ran("good", 5, MeasuredKind.ALLOCATED, "")));

    assertThat(report.overall().cases()).isEqualTo(8);
    assertThat(report.overall().unsupported()).isEqualTo(7);
    assertThat(report.results()).filteredOn(r -> !r.isSupported()).hasSize(7);
    assertThat(report.overall().reasons().keySet())
        .allSatisfy(
            reason -> assertThat(reason).doesNotContain("\n").doesNotStartWith("internal error"));
    assertThat(report.results().get(0).reason().orElseThrow())
        .isEqualTo("job: unknown key 'batch.micro_bach'" + ". Did you mean 'batch.micro_batch'?");
    assertThat(report.results().get(5).reason().orElseThrow()).contains("model.id is not known");
  }

  @Test
  void what_was_read_before_the_first_update_is_held_without_states_of_the_optimizer() {
    String early = "read before the first update";
    List<CaseResult> results =
        run(List.of(
                Cases.ran("late", 5, MeasuredKind.ALLOCATED, ""),
                Cases.ran("early", 5, MeasuredKind.ALLOCATED, early),
                Cases.ran("reserved", 5, MeasuredKind.RESERVED, early)))
            .results();

    assertThat(results.get(0).estimatedBytes().getAsLong())
        .isGreaterThan(results.get(1).estimatedBytes().getAsLong());
    assertThat(results.get(2).reason().orElseThrow())
        .isEqualTo(
            "what is reserved, or the peak of an update, before the first one is not modelled yet");
  }

  @Test
  void a_speed_is_held_against_the_estimated_one() {
    CaseResult result = run(List.of(Cases.throughput("a"))).results().get(0);

    SpeedCheck speed = result.speed().orElseThrow();
    assertThat(speed.measured()).isEqualTo(1000);
    assertThat(result.error()).hasValue(speed.estimated() / 1000 - 1);
    assertThat(speed.range().low()).isLessThan(speed.estimated());
    assertThat(result.estimatedBytes()).isEmpty();
    assertThat(result.measuredPeakBytes()).isEmpty();
    assertThat(result.labels().modelType()).isEqualTo("llama");
  }

  @Test
  void the_speed_of_one_gpu_is_held_against_its_share() {
    Map<String, Object> two = Map.of("gpu", "H100", "count", 2L);
    Report report =
        run(
            List.of(
                Cases.throughput("all", two, SpeedScope.TOTAL, ""),
                Cases.throughput("one", two, SpeedScope.GPU, "")));

    SpeedCheck all = report.results().get(0).speed().orElseThrow();
    SpeedCheck one = report.results().get(1).speed().orElseThrow();
    assertThat(all.estimated()).isCloseTo(2 * one.estimated(), withinPercentage(1e-9));
    assertThat(all.range().high()).isCloseTo(2 * one.range().high(), withinPercentage(1e-9));
  }

  @Test
  void a_speed_needs_a_card_whose_rates_are_known() {
    Report report =
        run(
            List.of(
                Cases.throughput("none", Map.of(), SpeedScope.TOTAL, ""),
                Cases.throughput("odd", Map.of("gpu", "no such card 7"), SpeedScope.TOTAL, ""),
                Cases.throughput(
                    "fp8", Map.of("gpu", "A100-80GB"), SpeedScope.TOTAL, "x; compute=fp8")));

    assertThat(report.results())
        .extracting(r -> r.reason().orElseThrow())
        .containsExactly(
            "job: no hardware.gpu, so no speed",
            "unknown GPU 'no such card 7'; for example 'RTX 4090', 'A100-80GB', 'H100'",
            "'A100 80GB SXM4' has no fp8 rate");
    assertThat(report.results()).allMatch(CaseResult::isThroughput);
  }

  @Test
  void notes_say_in_which_dtype_products_ran() {
    assertThat(
            List.of("", "compute=fp8 (rowwise)", "a; compute=mxfp8", "compute=nvfp4; b").stream()
                .map(notes -> Cases.throughput("a", Map.of(), SpeedScope.TOTAL, notes)))
        .extracting(Case::matmulType)
        .containsExactly(MatmulType.PRECISION, MatmulType.FP8, MatmulType.FP8, MatmulType.NVFP4);
  }

  @Test
  void a_card_that_is_not_known_does_not_matter() {
    Case odd = Cases.ofJob("a", job("hardware", Map.of("gpu", "no such card 7")));

    assertThat(run(List.of(odd)).overall().unsupported()).isZero();
  }

  @Test
  void a_count_in_the_name_of_the_card_is_that_of_the_job() {
    Case eight = Cases.ofJob("a", job("hardware", Map.of("gpu", "H100:8")));
    Case both = Cases.ofJob("b", job("hardware", Map.of("gpu", "H100:8", "count", 4L)));

    List<CaseResult> results = run(List.of(eight, both)).results();

    assertThat(results.get(0).labels().gpus()).hasValue(8);
    assertThat(results.get(1).reason())
        .contains("job: hardware.gpu names 8 GPUs, but hardware.count is 4");
  }

  @Test
  void a_model_of_the_catalogue_needs_no_config() {
    Case known = Cases.ofJob("a", job("model", Map.of("id", "meta-llama/Llama-3.1-8B")));

    assertThat(run(List.of(known)).results().get(0).labels().modelType()).isEqualTo("llama");
  }

  @Test
  void cases_are_grouped_by_what_they_have_in_common() {
    Report report =
        run(
            List.of(
                Cases.ran("a", 5, MeasuredKind.ALLOCATED, ""),
                Cases.ran("b", 5, MeasuredKind.DEVICE, ""),
                Cases.ofJob("c", job("method", "full"))));

    assertThat(report.groups(Grouping.SOURCE))
        .extracting(Grouping.Group::name)
        .containsExactly("lab/runs");
    assertThat(report.groups(Grouping.METHOD))
        .extracting(group -> group.name() + " " + group.summary().cases())
        .containsExactly("lora 2", "full 1");
    assertThat(report.group(Grouping.SCOPE, "near, one GPU")).isPresent();
    assertThat(report.group(Grouping.KIND, "device").orElseThrow().summary().cases()).isOne();
    assertThat(report.group(Grouping.FRAMEWORK, "axolotl")).isEmpty();
  }

  @Test
  void an_empty_file_gives_an_empty_report(@TempDir Path folder) throws IOException {
    Report report = Validation.run(List.of(Files.writeString(folder.resolve("a.jsonl"), "\n")));

    assertThat(report.overall().cases()).isZero();
    assertThat(report.overall().errors().median()).isEmpty();
    assertThat(report.groups()).isEmpty();
  }

  @Test
  void a_bad_line_stops_the_run(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "\n{\"id\": \"x\"");

    assertThatThrownBy(() -> Validation.run(List.of(file)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a.jsonl:2:");
  }

  private static Report run(List<Case> cases) {
    return Validation.run(sink -> cases.forEach(sink));
  }

  private static Map<String, Object> job(String key, Object value) {
    Map<String, Object> job = new HashMap<>(Cases.job());
    job.put(key, value);
    return job;
  }
}
