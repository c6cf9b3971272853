package dev.vramcast.answers.first;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.operation.Asked.Json;
import dev.vramcast.answers.text.Gib;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlainSentenceTest {

  @Test
  void what_fits_says_its_method_model_card_and_need() {
    Json fit = fit(Map.of("method", "qlora"), Map.of("gpu", "rtx-4090"));

    assertThat(fit.get("verdict")).isEqualTo("fits");
    assertThat(sentence(fit))
        .startsWith("QLoRA of qwen2.5-0.5b fits one RTX 4090")
        .contains(": it needs " + Gib.rounded(Gib.of(fit.whole("needed_bytes")), 1) + " of ")
        .endsWith(".");
  }

  @Test
  void what_does_not_fit_says_what_there_is() {
    Json fit =
        fit(
            Map.of(
                "method", "full",
                "checkpointing", "none",
                "loss", "full",
                "batch", Map.of("sequence_length", 8192, "micro_batch", 8)),
            Map.of("gpu", "t4"));

    assertThat(fit.get("verdict")).isEqualTo("does_not_fit");
    assertThat(sentence(fit))
        .startsWith("Full fine-tuning of qwen2.5-0.5b does not fit one T4")
        .contains(": it needs " + Gib.card(fit.whole("needed_bytes")) + ", of which there are ");
  }

  @Test
  void of_several_cards_each_has_its_need_and_machines_are_counted() {
    Map<String, Object> cards = Map.of("gpu", "rtx-4090", "count", 2, "nodes", 2);
    String sentence = sentence(fit(Map.of("method", "lora"), cards));

    assertThat(sentence)
        .startsWith("LoRA of qwen2.5-0.5b fits 2 × RTX 4090 in 2 machines")
        .contains(" of each");
  }

  @Test
  void other_software_than_cuda_is_named_where_figures_are_those_under_cuda() {
    String gaudi = sentence(fit(Map.of("method", "qlora"), Map.of("gpu", "gaudi2")));
    String nvidia = sentence(fit(Map.of("method", "qlora"), Map.of("gpu", "rtx-4090")));

    assertThat(gaudi)
        .contains("counted as under CUDA", "FlashAttention's and bitsandbytes' among them");
    assertThat(nvidia).doesNotContain("CUDA");
  }

  @Test
  void what_decides_beside_the_step_is_named() {
    String step = sentence(fit(Map.of("method", "lora"), Map.of("gpu", "rtx-4090")));
    Map<String, Object> evaluated =
        Map.of("method", "lora", "evaluation", Map.of("micro_batch", 64, "batches", 2));
    String evaluation = sentence(fit(evaluated, Map.of("gpu", "rtx-4090")));

    assertThat(step).doesNotContain("not its step");
    assertThat(evaluation).contains("its evaluation, not its step, needs");
  }

  private static String sentence(Json fit) {
    return fit.get("summary").toString();
  }

  private static Json fit(Map<String, ?> job, Map<String, ?> hardware) {
    Map<String, Object> whole = new HashMap<>(Asked.job("any"));
    whole.putAll(job);
    whole.put("hardware", hardware);
    return Asked.json(new FitOperation(), Map.of("job", whole));
  }
}
