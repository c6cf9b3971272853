package dev.vramcast.core.data;

/**
 * Guesses tokens from characters (Unicode code points), rounded up.
 *
 * @param characters of a token on average
 */
public record CharactersPerToken(double characters) implements TokenCounter {

  /**
   * Of English text, by the guide of a maker of tokenizers: "1 token is about 4 characters in
   * English" (OpenAI, "What are tokens and how to count them?").
   */
  public static final double USUAL = 4;

  public CharactersPerToken {
    if (!(characters > 0)) {
      throw new IllegalArgumentException(characters + " characters per token");
    }
  }

  @Override
  public long count(String text) {
    return tokens(text.codePointCount(0, text.length()));
  }

  /** Tokens of a text with so many characters. */
  public long tokens(long count) {
    return (long) Math.ceil(count / characters);
  }
}
