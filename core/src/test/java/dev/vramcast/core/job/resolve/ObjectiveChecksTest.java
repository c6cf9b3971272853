package dev.vramcast.core.job.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Padding;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectiveChecksTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--stage dpo --method full --reference adapter-off|--reference: objective.reference is"
            + " adapter-off, but method full has no adapters, allowed: none, copy, precomputed, or"
            + " method lora, qlora, dora, rslora, pissa, oft, ia3, vera, loha, lokr, miss",
        "--chosen-length 512|--chosen-length: objective.chosen_length is 512, but objective.stage"
            + " is sft, allowed: objective.stage dpo, orpo, cpo, reward",
        "--stage orpo --reference copy|--reference: objective.reference is copy, but"
            + " objective.stage is orpo, allowed: objective.stage dpo, kto, bco, grpo, rloo, ppo,"
            + " ebft, ebft-strided",
        "--stage dpo --sequence-length 1024 --images 1 --reference precomputed|--reference:"
            + " objective.reference is precomputed, but batch.images is 1, allowed: none,"
            + " adapter-off, copy, or no images",
        "--stage dpo --reference adapter-off --reference-dtype bf16|--reference-dtype:"
            + " objective.reference_dtype is bf16, but objective.reference is adapter-off, allowed:"
            + " objective.reference copy",
        "--labels 3|--labels: objective.labels is 3, but objective.stage is sft, allowed:"
            + " objective.stage"
            + " classification, token-classification",
        "--stage dpo --engine vllm-server|--engine: generation.engine is vllm-server, but"
            + " objective.stage is dpo, allowed: objective.stage grpo, rloo, ppo, ebft,"
            + " distillation",
        "--stage dpo --group-size 8|--group-size: generation.group_size is 8, but objective.stage"
            + " is dpo, allowed: objective.stage grpo, rloo, ppo, ebft, ebft-strided,"
            + " distillation",
        "--stage ebft-strided --sequence-length 15|--sequence-length: batch.sequence_length is"
            + " 15, but leaves no place to generate at in objective.stage ebft-strided, allowed:"
            + " 16 or more",
        "--stride 4|--stride: objective.stride is 4, but objective.stage is sft, allowed:"
            + " objective.stage ebft-strided",
        "--stage dpo --sequence-length 1024 --prompt-length 512 --chosen-length 256"
            + " --rejected-length 128|--sequence-length: batch.sequence_length is 1024, but"
            + " objective.prompt_length 512 and objective.chosen_length 256 are 768, allowed: their"
            + " sum, or leave one of the three out",
        "--sequence-length 1024 --prompt-length 512 --completion-length 1024|--sequence-length:"
            + " batch.sequence_length is 1024, but objective.prompt_length 512 and"
            + " objective.completion_length 1024 are 1536, allowed: their sum, or leave one of the"
            + " three out",
        "--stage grpo --sequence-length 768 --completion-length 1024|--sequence-length:"
            + " batch.sequence_length is 768, but objective.completion_length 1024 leaves no token"
            + " for a prompt, allowed: more than that, or a shorter objective.completion_length",
        "--stage dpo --loss-type sigmoid,sft --loss-weights 1|--loss-weights:"
            + " objective.loss_weights has 1 numbers, but objective.loss_type has 2 names, allowed:"
            + " one for each",
        "--stage embedding --loss-type GISTEmbedLoss|--loss-type: objective.teacher is required"
            + " where objective.loss_type is GISTEmbedLoss, allowed: a model's name, or the"
            + " content of a config.json",
        "--stage embedding --teacher gpt2|--teacher: objective.teacher is set, but"
            + " objective.loss_type is one without a guide, allowed: objective.loss_type"
            + " GISTEmbedLoss, CachedGISTEmbedLoss",
        "--stage embedding --sequence-length 64 --prompt-length 128|--prompt-length:"
            + " objective.prompt_length is 128, the tokens of an anchor, but batch.sequence_length"
            + " is 64, allowed: at most that",
        "--stage sft --texts 3|--texts: objective.texts is 3, but objective.stage is sft, allowed:"
            + " objective.stage embedding",
        "--stage token-classification --method lora --targets all-linear|--targets: lora.targets is"
            + " all-linear, by which PEFT adapts the classifier of tokens that it trains whole, and"
            + " fails, allowed: the names of linears",
        "--stage distillation|--stage: objective.teacher is required where objective.stage is"
            + " distillation, allowed: a model's name, or the content of a config.json",
      })
  void what_contradicts_itself_is_refused_with_both_keys(String flags, String message) {
    assertThatThrownBy(() -> Jobs.resolve(flags))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void what_most_people_do_names_linears_beside_a_classifier_of_tokens() {
    ResolvedJob job =
        Jobs.resolve(
                "--sequence-length 8 --profile recommended --stage token-classification"
                    + " --method lora")
            .job();

    assertThat(job.adapter().orElseThrow().targets())
        .contains("q_proj")
        .doesNotContain("all-linear");
  }

  @Test
  void prompt_and_the_longer_answer_are_the_sequence_where_nothing_else_is_given() {
    assertThat(length("--stage dpo --prompt-length 512 --chosen-length 700 --rejected-length 300"))
        .isEqualTo(1212);
    assertThat(length("--stage reward --prompt-length 512 --completion-length 100")).isEqualTo(612);
    assertThat(length("--framework trl --prompt-length 5 --completion-length 6")).isEqualTo(11);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpo", "orpo", "cpo", "kto", "reward"})
  void a_prompt_that_fills_the_text_limits_none_where_answers_are_there(String stage) {
    String job = "--framework trl --sequence-length 512 --stage " + stage;
    Resolution filled = Jobs.resolve(job + " --prompt-length 512");

    assertThat(filled.warnings())
        .extracting(Object::toString)
        .anyMatch(it -> it.contains("objective.prompt_length 512 is no less than"));
    assertThat(filled.job().objective()).isEqualTo(Jobs.resolve(job).job().objective());
    assertThat(Jobs.resolve(job + " --prompt-length 511").job().objective())
        .isNotEqualTo(filled.job().objective());
  }

  @Test
  void answers_of_a_pair_that_differ_in_length_are_padded_where_nothing_else_is_said() {
    String uneven = "--framework trl --stage dpo --chosen-length 700 --rejected-length 300 ";
    String even = "--framework trl --stage dpo --chosen-length 300 --rejected-length 300 ";
    assertThat(padding(uneven)).isEqualTo(Padding.PADDED);
    assertThat(padding(uneven + "--padding packed")).isEqualTo(Padding.PACKED);
    assertThat(padding(even)).isEqualTo(Padding.LONGEST);
  }

  private static Padding padding(String flags) {
    return Jobs.resolve(flags + " --prompt-length 512").job().batch().padding();
  }

  @Test
  void no_reference_is_what_every_stage_may_have() {
    assertThat(Jobs.resolve("--sequence-length 8 --reference none").job().notModelled()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"online-dpo", "online_dpo", "XPO", "nash-md"})
  void a_stage_that_nobody_has_described_is_not_modelled(String word) {
    assertThat(Jobs.resolve("--sequence-length 16 --stage " + word).job().notModelled())
        .extracting(Gap::toString)
        .singleElement()
        .asString()
        .startsWith("objective.stage " + word.toLowerCase(Locale.ROOT).replace('_', '-'))
        .contains("which passes its trainer runs, and what they keep");
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void each_stage_has_an_objective_of_its_own(Stage stage) {
    String teacher = stage == Stage.DISTILLATION ? " --teacher gpt2" : "";
    ResolvedJob job = Jobs.resolve("--sequence-length 16 --stage " + stage.label() + teacher).job();
    assertThat(job.objective().stage()).isEqualTo(stage);
    assertThat(job.notModelled())
        .extracting(Gap::toString)
        .isEqualTo(
            switch (stage) {
              case EMBEDDING ->
                  List.of(
                      "objective.stage embedding of framework transformers"
                          + " (how its trainer embeds the texts of a batch)");
              case PPO, EBFT, EBFT_STRIDED ->
                  List.of(
                      "objective.stage "
                          + stage.label()
                          + " of framework transformers"
                          + " (how its trainer makes log-probabilities)");
              case DISTILLATION -> List.of("objective.teacher gpt2");
              default -> List.of();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "litgpt --stage classification",
        "llama-factory --stage masked-lm",
        "torchtitan --stage token-classification",
        "verl --stage classification",
        "easyr1 --stage sft",
        "ms-swift --stage token-classification",
        "sentence-transformers --stage pretrain"
      })
  void a_supervised_stage_that_a_framework_has_no_trainer_of_is_not_modelled(String flags) {
    assertThat(Jobs.resolve("--sequence-length 16 --framework " + flags).job().notModelled())
        .singleElement()
        .asString()
        .isEqualTo(
            "objective.stage %s of framework %s (a trainer of it, which the framework has none of)",
            flags.split(" ")[2], flags.split(" ")[0]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ms-swift --stage classification",
        "sentence-transformers --stage classification",
        "axolotl --stage token-classification",
        "deepspeed --stage masked-lm",
        "verl --stage sft",
        "unsloth --stage classification"
      })
  void a_supervised_stage_that_a_framework_has_a_trainer_of_is_modelled(String flags) {
    assertThat(Jobs.resolve("--sequence-length 16 --framework " + flags).job().notModelled())
        .isEmpty();
  }

  @Test
  void an_objective_carries_the_settings_of_its_stage() {
    Objective objective =
        Jobs.resolve("--stage dpo --prompt-length 8 --completion-length 9 --reference copy")
            .job()
            .objective();
    assertThat(objective)
        .isInstanceOfSatisfying(
            Objective.DirectPreference.class,
            dpo -> {
              assertThat(dpo.reference().source()).isEqualTo(ReferenceSource.COPY);
              assertThat(dpo.lengths().chosen()).contains(9);
            });
  }

  private static int length(String flags) {
    return Jobs.resolve(flags).job().batch().sequenceLength();
  }
}
