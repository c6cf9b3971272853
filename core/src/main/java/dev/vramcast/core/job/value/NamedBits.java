package dev.vramcast.core.job.value;

import dev.vramcast.core.job.option.QuantizationScheme;
import java.util.Optional;
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

  /** {@code -GPTQ-INT4}, {@code -AWQ}, {@code -GPTQ}, {@code -w4a16-gptq} and their like. */
  private static final Pattern GPTQ = Pattern.compile("(?i).*[-_ ]gptq([-_ ].*)?");

  private static final Pattern EIGHT = Pattern.compile("(?i).*(int8|8[-_ ]?bits?)([-_ ].*)?");
  private static final Pattern AWQ = Pattern.compile("(?i).*[-_ ]awq([-_ ].*)?");

  /** {@code -bnb-4bit}, {@code -bnb-8bit}, {@code -bnb-nf4} and {@code -bitsandbytes-4bit}. */
  private static final Pattern BLOCKS =
      Pattern.compile("(?i).*[-_ ](bnb|bitsandbytes)[-_ ]([48][-_ ]?bits?|nf4|fp4|int8)([-_ ].*)?");

  private static final int LONGEST = 200;

  private NamedBits() {}

  /** Whether it ends by saying that they are in bitsandbytes' 4 bits, as QLoRA has them. */
  public static boolean areFour(String model) {
    return model.length() <= LONGEST
        && FOUR.matcher(model).matches()
        && !OTHER.matcher(model).matches();
  }

  /** Whether it says that they are bitsandbytes', in 4 or 8 bits: those of MLX too are "4bit". */
  public static boolean areBlocks(String model) {
    return model.length() <= LONGEST && BLOCKS.matcher(model).matches();
  }

  /** Whether it says that they are quantised, by any of these libraries. */
  public static boolean isQuantised(String model) {
    return areFour(model) || areBlocks(model) || scheme(model).isPresent();
  }

  /** The scheme of another library by which a name says that they are quantised. */
  public static Optional<QuantizationScheme> scheme(String model) {
    if (model.length() > LONGEST) {
      return Optional.empty();
    }
    if (GPTQ.matcher(model).matches()) {
      return Optional.of(
          EIGHT.matcher(model).matches()
              ? QuantizationScheme.GPTQ_INT8
              : QuantizationScheme.GPTQ_INT4);
    }
    return AWQ.matcher(model).matches()
        ? Optional.of(QuantizationScheme.AWQ_INT4)
        : Optional.empty();
  }
}
