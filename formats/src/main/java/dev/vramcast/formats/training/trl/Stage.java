package dev.vramcast.formats.training.trl;

import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Locale;

/** What is trained for, by the sub-command, the script, or arguments that only one stage has. */
enum Stage {
  SFT("supervised fine-tuning", List.of(), List.of("sft")),
  GRPO(
      "GRPO",
      List.of("num_generations", "max_completion_length", "reward_funcs"),
      List.of("grpo", "gspo", "rloo", "ppo", "online_dpo", "nash", "xpo")),
  DPO(
      "preference training",
      List.of("max_prompt_length", "precompute_ref_log_probs", "rpo_alpha", "beta"),
      List.of("dpo", "kto", "orpo", "cpo", "bco")),
  REWARD("reward modelling", List.of("center_rewards_coefficient"), List.of("reward", "prm")),
  DISTILLATION(
      "distillation", List.of("teacher_model_name_or_path"), List.of("gkd", "distill", "gold"));

  private final String title;
  private final List<String> keys;
  private final List<String> words;

  Stage(String title, List<String> keys, List<String> words) {
    this.title = title;
    this.keys = keys;
    this.words = words;
  }

  String title() {
    return title;
  }

  static Stage of(TrainingFile file) {
    List<String> command =
        file.command().map(found -> found.words()).orElse(List.of()).stream()
            .map(word -> word.substring(word.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT))
            .toList();
    for (Stage stage : List.of(DISTILLATION, GRPO, DPO, REWARD, SFT)) {
      if (command.stream().anyMatch(word -> stage.words.stream().anyMatch(word::contains))) {
        return stage;
      }
    }
    for (Stage stage : List.of(DISTILLATION, GRPO, DPO, REWARD, SFT)) {
      if (stage.words.stream()
          .anyMatch(word -> file.has(word.toUpperCase(Locale.ROOT) + "Config"))) {
        return stage;
      }
    }
    for (Stage stage : List.of(DISTILLATION, GRPO, DPO, REWARD)) {
      if (stage.keys.stream().anyMatch(file::has)) {
        return stage;
      }
    }
    return SFT;
  }
}
