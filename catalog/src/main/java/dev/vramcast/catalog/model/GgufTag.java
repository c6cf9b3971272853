package dev.vramcast.catalog.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What programs that run models put behind a name: how llama.cpp quantised it, as in {@code
 * llama3.1:8b-instruct-q4_K_M} and {@code hf.co/bartowski/Qwen2.5-7B-Instruct-GGUF:Q4_K_M}.
 */
public final class GgufTag {

  private static final int LONGEST = 200;

  /** Types of llama.cpp (ggml/include/ggml.h), and what Ollama calls weights in 16 bits. */
  private static final Pattern TAGGED =
      Pattern.compile(
          "(.*[^-:_. ])[-:_. ](i?q[1-8](?:_[a-z0-9]{1,2}){0,3}|fp?16|qat)",
          Pattern.CASE_INSENSITIVE);

  private GgufTag() {}

  /** The name without the tag; empty where it has none. */
  public static Optional<String> without(String name) {
    Matcher tagged = TAGGED.matcher(name.length() > LONGEST ? "" : name.strip());
    return tagged.matches() ? Optional.of(tagged.group(1)) : Optional.empty();
  }
}
