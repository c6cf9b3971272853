package dev.vramcast.formats.training;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.util.Arrays;
import java.util.List;

/** The formats of training files that are read. */
public enum FormatName {
  AXOLOTL("axolotl", "Axolotl"),
  LLAMA_FACTORY("llama-factory", "LLaMA-Factory"),
  LLAMA_FACTORY_V1("llama-factory-v1", "LLaMA-Factory's new engine"),
  TRL("trl", "TRL"),
  TRANSFORMERS("transformers", "Transformers' Trainer"),
  ALIGNMENT_HANDBOOK("alignment-handbook", "alignment-handbook"),
  TORCHTUNE("torchtune", "torchtune"),
  LITGPT("litgpt", "LitGPT"),
  MS_SWIFT("ms-swift", "ms-swift"),
  UNSLOTH("unsloth", "Unsloth"),
  VERL("verl", "verl"),
  EASYR1("easyr1", "EasyR1"),
  OPENRLHF("openrlhf", "OpenRLHF"),
  NEMO_RL("nemo-rl", "NeMo-RL"),
  PRIME_RL("prime-rl", "prime-rl"),
  OPEN_INSTRUCT("open-instruct", "open-instruct"),
  TORCHTITAN("torchtitan", "torchtitan"),
  NEMO_AUTOMODEL("nemo-automodel", "NeMo AutoModel"),
  AUTOTRAIN("autotrain", "AutoTrain"),
  MEGATRON_LM("megatron-lm", "Megatron-LM"),
  MLX_LM("mlx-lm", "mlx-lm"),
  SENTENCE_TRANSFORMERS("sentence-transformers", "sentence-transformers"),
  ACCELERATE("accelerate", "accelerate"),
  DEEPSPEED("deepspeed", "DeepSpeed");

  private final String label;
  private final String title;

  FormatName(String label, String title) {
    this.label = label;
    this.title = title;
  }

  /** The word behind {@code --as}. */
  public String label() {
    return label;
  }

  /** The name as its makers write it. */
  public String title() {
    return title;
  }

  /** Whether its files say only how another job is spread. */
  public boolean isCompanion() {
    return this == ACCELERATE || this == DEEPSPEED;
  }

  /** How a user names a format. */
  public static final Subject OPTION = new Subject.Flag("--as");

  /** All words behind {@code --as}. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(FormatName::label).toList();
  }

  /** The format that a user named. */
  public static FormatName of(String given) {
    return Arrays.stream(values())
        .filter(name -> name.label.equals(given))
        .findFirst()
        .orElseThrow(
            () ->
                InputError.about(OPTION)
                    .is(given)
                    .allowed(String.join(", ", labels()))
                    .near(given, labels())
                    .refusal());
  }
}
