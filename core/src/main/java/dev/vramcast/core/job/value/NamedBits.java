package dev.vramcast.core.job.value;

import java.util.regex.Pattern;

/** What a model's name says of how its weights are stored. */
public final class NamedBits {

  /**
   * {@code -bnb-4bit}, {@code -unsloth-bnb-4bit}, {@code -bnb-nf4-bf16}, {@code -4bit}, or said as
   * a word of its own.
   */
  private static final Pattern FOUR =
      Pattern.compile("(?i).*[-_ ](4[-_ ]?bits?|bnb[-_ ]nf4([-_ ]bf16)?)/*\\s*");

  /** Formats of which 4 bits are no QLoRA's. */
  private static final Pattern OTHER = Pattern.compile("(?i).*(gptq|awq|gguf|exl[23]|hqq|aqlm).*");

  private static final int LONGEST = 200;

  private NamedBits() {}

  /** Whether it ends by saying that they are in bitsandbytes' 4 bits, as QLoRA has them. */
  public static boolean areFour(String model) {
    return model.length() <= LONGEST
        && FOUR.matcher(model).matches()
        && !OTHER.matcher(model).matches();
  }
}
