package dev.vramcast.answers.first;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Method;
import java.util.Locale;

/** What is trained and how, as people call it: {@code QLoRA}, {@code DPO with LoRA}. */
public record Training(Stage stage, Method method) {

  /** That of a job. */
  public static Training of(ResolvedJob job) {
    return new Training(job.objective().stage(), job.method());
  }

  /** At the beginning of a sentence; supervised fine-tuning is not named, as most jobs are it. */
  public String first() {
    if (stage == Stage.SFT) {
      return of(method);
    }
    boolean alone = stage == Stage.PRETRAIN && method == Method.FULL;
    return of(stage) + (alone ? "" : " with " + within(method));
  }

  /** Within a sentence. */
  public String within() {
    if (stage == Stage.SFT) {
      return within(method);
    }
    String words = first();
    boolean acronym = Character.isUpperCase(words.charAt(1));
    return acronym ? words : words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
  }

  private static String within(Method method) {
    return switch (method) {
      case FULL -> "full fine-tuning";
      case FREEZE -> "training of some layers";
      default -> of(method);
    };
  }

  /** A method, as people call it. */
  public static String of(Method method) {
    return switch (method) {
      case FULL -> "Full fine-tuning";
      case LORA -> "LoRA";
      case QLORA -> "QLoRA";
      case DORA -> "DoRA";
      case RSLORA -> "rsLoRA";
      case PISSA -> "PiSSA";
      case OFT -> "OFT";
      case IA3 -> "IA3";
      case VERA -> "VeRA";
      case LOHA -> "LoHa";
      case LOKR -> "LoKr";
      case MISS -> "MiSS";
      case FREEZE -> "Training of some layers";
      case GALORE -> "GaLore";
    };
  }

  private static String of(Stage stage) {
    return switch (stage) {
      case SFT -> "Supervised fine-tuning";
      case PRETRAIN -> "Pre-training";
      case REWARD -> "Reward modeling";
      case DISTILLATION -> "Distillation";
      case CLASSIFICATION -> "Classification";
      case TOKEN_CLASSIFICATION -> "Token classification";
      case MASKED_LM -> "Masked language modeling";
      case EMBEDDING -> "Contrastive learning";
      case EBFT_STRIDED -> "Strided EBFT";
      case DPO, KTO, BCO, ORPO, CPO, GRPO, RLOO, PPO, EBFT ->
          stage.label().toUpperCase(Locale.ROOT);
    };
  }
}
