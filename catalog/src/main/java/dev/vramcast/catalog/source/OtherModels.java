package dev.vramcast.catalog.source;

import java.util.Optional;
import java.util.regex.Pattern;

/** Names that people know of models which are no language model, or which nobody can load. */
final class OtherModels {

  /** The whole name: many open models have one of these in theirs, as gpt-4-x-alpaca has. */
  private static final Pattern CLOSED =
      Pattern.compile(
          "(?:openai/|anthropic/|google/|xai/)?"
              + "(?:chat[- ]?gpt|gpt[- ]?(?:3\\.5|[345])(?:\\.\\d)?o?|claude|gemini|copilot"
              + "|grok[- ]?[345]|o[134])"
              + "(?:[- ](?:\\d(?:[-.]\\d)?|turbo|mini|nano|pro|flash|ultra|opus|sonnet|haiku))*",
          Pattern.CASE_INSENSITIVE);

  /** The whole of what stands behind the owner: a language model may be called Flux too. */
  private static final Pattern OF_IMAGES =
      Pattern.compile(
          "(?:[^/]*/)?"
              + "(?:flux(?:\\.?[12])?|sdxl|sd[- ]?(?:1\\.5|2\\.1|3|3\\.5)|stable[- ]?diffusion"
              + "|wan[- ]?2\\.\\d|hunyuan[- ]?video|ltx(?:[- ]?video)?|qwen[- ]?image|z[- ]?image"
              + "|cogvideox?|pixart|kandinsky)"
              + "(?:[- ](?:dev|schnell|pro|kontext|krea|fill|xl|turbo|base|large|medium|lightning"
              + "|refiner|edit|alpha|sigma|diffusers|v?\\d+(?:[-.]\\d+)*"
              + "|t?i?2v(?:-a?\\d+(?:\\.\\d+)?b)?))*",
          Pattern.CASE_INSENSITIVE);

  /** What programs call the folder that they save to, as Unsloth's notebooks do. */
  private static final Pattern SAVED =
      Pattern.compile(
          "(?:\\./)?(?:(?:my|q?lora|dora|sft|dpo|kto|orpo|grpo|ppo|merged|adapters?|trained"
              + "|fine[-_ ]?tuned|finetune|saved|output|final|best)(?:[-_ ]|$))+"
              + "(?:(?:models?|adapters?|checkpoint|output|merged)(?:[-_ ]|$))*"
              + "(?:(?:4|8|16)[-_ ]?bit)?/?",
          Pattern.CASE_INSENSITIVE);

  private static final int LONGEST = 100;

  private OtherModels() {}

  /** Why a model of that name is not known; empty where the name tells nothing. */
  static Optional<String> reason(String name) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    } else if (CLOSED.matcher(name.strip()).matches()) {
      return Optional.of("its weights are not published, so that its maker alone can train it");
    } else if (SAVED.matcher(name.strip()).matches()) {
      return Optional.of("it is what a run saves: give the model that the run began with");
    }
    return OF_IMAGES.matcher(name.strip()).matches()
        ? Optional.of("it draws images or films, and models of diffusion are not modelled")
        : Optional.empty();
  }
}
