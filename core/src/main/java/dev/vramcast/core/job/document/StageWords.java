package dev.vramcast.core.job.document;

import dev.vramcast.core.job.objective.Stage;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Stages of training by the words that people and training files have for them. */
public final class StageWords {

  /** A stage of the job document, and the loss that makes it this one. */
  public record Meaning(Stage stage, Optional<String> loss) {}

  /** Trainers of TRL and others whose passes nobody has described. */
  private static final Set<String> UNDESCRIBED =
      Set.of(
          "online-dpo",
          "xpo",
          "nash",
          "nash-md",
          "minillm",
          "async-grpo",
          "reinforce",
          "raft",
          "remax",
          "spin",
          "iterative-sft",
          "alignprop",
          "ddpo");

  private static final Map<String, Meaning> WORDS = words();

  private StageWords() {}

  /** Every word that means a stage, with hyphens and small. */
  public static Set<String> all() {
    return WORDS.keySet();
  }

  /** What a word means, however it is written. */
  public static Optional<Meaning> find(String word) {
    return Optional.ofNullable(WORDS.get(plain(word)));
  }

  /**
   * What a value of a key means; empty for other keys and for words that mean none. A trainer whose
   * passes nobody has described is a loss of preferences that is not modelled.
   */
  static Optional<Meaning> find(JobKey key, Object raw) {
    if (key != JobKey.STAGE || !(raw instanceof String text)) {
      return Optional.empty();
    }
    return isUndescribed(text)
        ? Optional.of(new Meaning(Stage.DPO, Optional.of(plain(text))))
        : find(text);
  }

  /** Whether a word, of a stage or of its loss, is a trainer whose passes nobody has described. */
  public static boolean isUndescribed(String word) {
    return UNDESCRIBED.contains(plain(word));
  }

  private static String plain(String word) {
    return word.strip().toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
  }

  private static Map<String, Meaning> words() {
    Map<String, Meaning> words = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      add(words, stage, stage.label());
    }
    add(words, Stage.PRETRAIN, "pt", "cpt", "clm", "pretraining", "continued-pretraining");
    add(words, Stage.REWARD, "rm", "reward-model", "reward-modeling", "reward-modelling");
    // Rewards of GDPO are normalised each by itself (trl/trainer/grpo_trainer.py
    // multi_objective_aggregation), which are a number a completion.
    add(words, Stage.GRPO, "gspo", "gdpo");
    add(words, Stage.CLASSIFICATION, "seq-cls", "sequence-classification");
    // A class for the last token of every step, of two (trl/experimental/prm/prm_trainer.py).
    add(words, Stage.TOKEN_CLASSIFICATION, "token-cls", "prm");
    add(words, Stage.MASKED_LM, "mlm");
    lossOf(words, Stage.DPO, "ipo", "ipo");
    lossOf(words, Stage.CPO, "simpo", "simpo");
    lossOf(words, Stage.GRPO, "dapo", "dapo");
    lossOf(words, Stage.GRPO, "dr-grpo", "dr_grpo");
    // Whole logits of both models, where TRL's own distillation has tiles
    // (trl/experimental/gkd/gkd_trainer.py and gold/gold_trainer.py).
    lossOf(words, Stage.DISTILLATION, "gkd", "gkd");
    lossOf(words, Stage.DISTILLATION, "gold", "gold");
    return words;
  }

  private static void add(Map<String, Meaning> words, Stage stage, String... names) {
    for (String name : names) {
      words.put(name, new Meaning(stage, Optional.empty()));
    }
  }

  private static void lossOf(Map<String, Meaning> words, Stage stage, String name, String loss) {
    words.put(name, new Meaning(stage, Optional.of(loss)));
  }
}
