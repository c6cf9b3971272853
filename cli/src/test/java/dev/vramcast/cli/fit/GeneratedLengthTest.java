package dev.vramcast.cli.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A prompt and its completion share a sequence. */
class GeneratedLengthTest {

  private static final String GRPO =
      "--offline --model qwen2.5-7b --stage grpo --method lora --gpu 3060 ";

  private static CliRun fit(String options) {
    List<String> args = new ArrayList<>(List.of("fit"));
    args.addAll(List.of((GRPO + options).split(" +")));
    return CliRun.of(args);
  }

  @Test
  @Tag("slow")
  void a_completion_as_long_as_its_sequence_is_refused() {
    CliRun run = fit("--framework trl --sequence-length 1024 --completion-length 2048");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "vramcast: --sequence-length is 1024, but --completion-length 2048 leaves no token for"
                + " a prompt, allowed: more than that, or a shorter --completion-length");
  }

  @Test
  void a_completion_as_long_as_the_usual_sequence_has_a_prompt_before_it() {
    CliRun run = fit("--framework ms-swift --engine none --completion-length 2048 --format json");
    assertThat(run.err()).doesNotContain("leaves no token");
    assertThat(JsonMapper.shared().readTree(run.out()).at("/job/batch/sequence_length").asInt())
        .isEqualTo(2560);
  }

  @Test
  void sequences_are_shortened_no_further_than_their_completions() {
    CliRun run =
        fit("--framework trl --sequence-length 3072 --completion-length 2048 --format json");
    assertThat(run.err()).doesNotContain("changed to fit");
    JsonNode answer = JsonMapper.shared().readTree(run.out());
    List<JsonNode> changes = new ArrayList<>();
    answer.get("alone").forEach(changes::add);
    answer.get("together").forEach(changes::add);
    assertThat(changes)
        .isNotEmpty()
        .allSatisfy(
            change ->
                assertThat(change.at("/job/batch/sequence_length").asInt())
                    .isGreaterThan(change.at("/job/objective/completion_length").asInt()));
  }

  /** NeMo-RL has no length for prompts, and no rule for that of both. */
  @Test
  void completions_are_searched_behind_what_a_sequence_has_beside_them() {
    String job =
        "max --offline --completion-length --model qwen2.5-0.5b --framework nemo-rl --stage grpo"
            + " --method full --sequence-length 2048 --micro-batch 1 --gpu h100";
    CliRun run = CliRun.of(List.of(job.split(" ")));

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("takes completions of ");
  }
}
