package dev.vramcast.catalog.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What programs that run models put behind a name: how llama.cpp stores it, as in {@code
 * llama3.1:8b-instruct-q4_K_M}, {@code unsloth/Qwen3-8B-GGUF:UD-Q4_K_XL} and {@code
 * somebody/Qwen3-8B-Q4_K_M-GGUF}. Elsewhere such an ending of a repository is of its own name.
 *
 * @param name the name without the tag
 * @param quantised whether the weights are in less than 16 bits
 */
public record GgufTag(String name, boolean quantised) {

  private static final int LONGEST = 200;

  /** Types of 16 and 32 bits, as llama.cpp and Ollama call them. */
  private static final String WHOLE = "(?:bf16|fp?16|fp?32)";

  /** Types of llama.cpp (ggml/include/ggml.h); Unsloth's own mixtures of them begin with UD. */
  private static final String QUANTISED =
      "(?:(?:ud[-_])?i?q[1-8](?:_[a-z0-9]{1,3}){0,3}|tq[12]_0|mxfp4(?:_moe)?|qat)";

  private static final Pattern TAGGED =
      Pattern.compile(
          "(.*?[^-:_. ])((?:[-:_. ](?:" + WHOLE + "|" + QUANTISED + "))+)(-gguf)?",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ALL_WHOLE =
      Pattern.compile("(?:[-:_. ]" + WHOLE + ")+", Pattern.CASE_INSENSITIVE);

  /** A name taken apart; empty where it has no tag. */
  public static Optional<GgufTag> of(String text) {
    String given = text.length() > LONGEST ? "" : text.strip();
    Matcher tagged = TAGGED.matcher(given);
    if (!tagged.matches()) {
      return Optional.empty();
    }
    int owner = given.lastIndexOf('/');
    boolean isBehindColon = given.lastIndexOf(':') > owner;
    if (owner >= 0 && !isBehindColon && tagged.group(3) == null) {
      return Optional.empty();
    }
    String name = tagged.group(1).replaceFirst("(?i)(?<=.)-gguf$", "");
    return Optional.of(new GgufTag(name, !ALL_WHOLE.matcher(tagged.group(2)).matches()));
  }
}
