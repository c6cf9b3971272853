package dev.vramcast.formats.training;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Shown;
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

  /** All words behind {@code --as}. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(FormatName::label).toList();
  }

  /** The format that a user named. */
  public static FormatName of(String given, String origin) {
    return Arrays.stream(values())
        .filter(name -> name.label.equals(given))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    origin
                        + " is "
                        + Shown.given(given)
                        + ", allowed: "
                        + String.join(", ", labels())
                        + NearestName.hint(given, labels())));
  }
}
