package dev.vramcast.formats.dataset;

import dev.vramcast.core.data.CharactersPerToken;
import dev.vramcast.core.data.TokenCounter;
import java.util.OptionalDouble;

/**
 * Counts the tokens of one example after the other. A tokenizer takes a second for a megabyte or
 * two, so behind a budget of characters the rest is guessed by what the first part came to; an
 * example with more characters than any before is counted all the same, as it may be the longest.
 */
final class ExampleCounter {

  private final TokenCounter counter;
  private final long budget;
  private long characters;
  private long tokens;
  private long longest;
  private boolean guessed;

  /**
   * A counter.
   *
   * @param budget characters that are counted before the rest is guessed
   */
  ExampleCounter(TokenCounter counter, long budget) {
    this.counter = counter;
    this.budget = budget;
  }

  long count(Example example) {
    long here = example.characters();
    long known = (long) example.marks() + example.counted();
    if (counter instanceof CharactersPerToken rate) {
      return known + rate.tokens(here);
    }
    if (characters >= budget && here <= longest) {
      guessed = true;
      return known + new CharactersPerToken(rate()).tokens(here);
    }
    long counted = example.texts().stream().mapToLong(counter::count).sum();
    longest = Math.max(longest, here);
    characters += here;
    tokens += counted;
    return known + counted;
  }

  /** Characters per token by which some tokens were guessed. */
  OptionalDouble guessedBy() {
    if (counter instanceof CharactersPerToken rate) {
      return OptionalDouble.of(rate.characters());
    }
    return guessed ? OptionalDouble.of(rate()) : OptionalDouble.empty();
  }

  private double rate() {
    return Math.max(1, characters) / (double) Math.max(1, tokens);
  }
}
