package dev.vramcast.answers.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.answers.cost.CostOperation;
import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.gpus.GpusOperation;
import dev.vramcast.answers.max.MaxOperation;
import dev.vramcast.answers.models.ModelsOperation;
import dev.vramcast.answers.plan.PlanOperation;
import dev.vramcast.answers.prices.PricesOperation;
import dev.vramcast.answers.write.WriteOperation;
import dev.vramcast.core.input.InputException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What operations do not take, in one line that says what they do. */
class RefusalsTest {

  private static final Map<String, Object> GPT2 = Map.of("model", Map.of("id", "gpt2"));

  private static final Map<String, Object> ON_L4 =
      Map.of("model", Map.of("id", "gpt2"), "hardware", Map.of("gpu", "l4"));

  /** A model that writes a text of which the job does not say how long it is. */
  private static final Map<String, Object> UNSAID =
      Map.of(
          "profile", "bare",
          "model", Map.of("id", "pegasus-large"),
          "data", Map.of("tokens", 1e6));

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(new EstimateOperation(), Map.of(), "no model; give model.id"),
        Arguments.of(
            new EstimateOperation(),
            Map.of("job", Map.of("model", Map.of("id", "gpt3"))),
            "unknown model 'gpt3'"),
        Arguments.of(
            new EstimateOperation(),
            Map.of("job", Map.of("lora", Map.of("rnk", 8))),
            "job: unknown key 'lora.rnk'. Did you mean 'lora.rank'?"),
        Arguments.of(
            new EstimateOperation(),
            Map.of("job", Map.of("lora", Map.of("rank", 0))),
            "job: lora.rank is 0, allowed: a whole number from 1 to 65536"),
        Arguments.of(
            new EstimateOperation(),
            Map.of("job", 7),
            "job is 7, allowed: an object with the keys"),
        Arguments.of(
            new EstimateOperation(),
            Map.of("job", GPT2, "timelin", true),
            "unknown field 'timelin', allowed: job, files, as, revision, timeline, by_module"),
        Arguments.of(
            new EstimateOperation(),
            Map.of("job", GPT2, "active_params", "3B"),
            "--active-params needs --params"),
        Arguments.of(
            new FitOperation(),
            Map.of("job", GPT2, "params", "7B"),
            "--params and a model exclude each other"),
        Arguments.of(
            new FitOperation(),
            Map.of("job", ON_L4, "headroom", "1TiB"),
            "--headroom keeps all of the "),
        Arguments.of(
            new FitOperation(),
            Map.of(
                "job",
                Map.of(
                    "model", Map.of("id", "llama-3.1-70b"),
                    "objective", Map.of("stage", "grpo"),
                    "generation", Map.of("engine", "vllm-colocate", "memory_fraction", 0.8))),
            "(on MI300X, the largest of the cards asked about)"),
        Arguments.of(
            new MaxOperation(),
            Map.of("job", GPT2, "batch", true),
            "nothing to fit; give hardware.gpu"),
        Arguments.of(
            new MaxOperation(),
            Map.of("job", ON_L4, "batch", true, "sequence", true),
            "--batch, --sequence, --image-size, --audio-seconds, --completion-length, --group-size,"
                + " --engine-memory-fraction and --model exclude each other"),
        Arguments.of(
            new PlanOperation(),
            Map.of("job", GPT2, "budget", "50"),
            "does not say on how much it trains, so no limit can be kept; give data.tokens"),
        Arguments.of(
            new CostOperation(),
            Map.of("params", "3T", "job", Map.of("data", Map.of("tokens", 9))),
            "no usual model is as large as 3T parameters: the nearest is llama-3.1-405b"),
        Arguments.of(
            new WriteOperation(),
            Map.of("job", Map.of("model", Map.of("id", "7B parameters")), "to", "axolotl"),
            "model.id is '7B parameters', allowed: a model's name, since a file loads one"),
        Arguments.of(
            new PlanOperation(),
            Map.of("job", GPT2, "by", "money"),
            "--by is 'money', allowed: cost, time, both"),
        Arguments.of(
            new PlanOperation(),
            Map.of("job", GPT2, "min_global_batch", "0"),
            "--min-global-batch is '0', allowed: a whole number"),
        Arguments.of(new CostOperation(), Map.of("job", UNSAID), "completion_length is missing"),
        Arguments.of(new PlanOperation(), Map.of("job", UNSAID), "completion_length is missing"),
        Arguments.of(
            new PricesOperation(),
            Map.of("list", "prices.csv"),
            "--list is 'prices.csv', allowed: market-2026-09"),
        Arguments.of(new PricesOperation(), Map.of("provider", "a,,b"), "with an empty part"),
        Arguments.of(new GpusOperation(), Map.of("search", "rtx-4099"), "Did you mean 'RTX 4090'?"),
        Arguments.of(new ModelsOperation(), Map.of("search", "zzz"), "'zzz'"),
        Arguments.of(
            new WriteOperation(),
            Map.of("job", GPT2, "to", "axolotle"),
            "Did you mean 'axolotl'?"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("refusals")
  void what_cannot_be_used_is_refused_in_one_line(
      Operation operation, Map<String, Object> fields, String message) {
    assertThatThrownBy(() -> Asked.answer(operation, fields))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  /** A file that is named in a job is not opened, whatever is asked. */
  @Test
  void nobody_elsewhere_names_a_file() {
    for (Operation operation :
        List.of(new EstimateOperation(), new FitOperation(), new PlanOperation())) {
      Map<String, Object> job =
          Map.of("model", Map.of("config", "pom.xml"), "hardware", Map.of("gpu", "l4"));
      assertThatThrownBy(() -> Asked.answer(operation, Map.of("job", job)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("no files are opened here");
    }
  }
}
