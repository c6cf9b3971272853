package dev.vramcast.formats.dataset;

import dev.vramcast.core.data.CountedLengths;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How long the examples of a file are.
 *
 * @param source the file, for people
 * @param shapes the fields that examples were found in, e.g. {@code messages}
 * @param complete whether the whole file was read
 * @param byTokenizer whether tokens were counted by a tokenizer, and not all guessed
 * @param charactersPerToken by which tokens were guessed; of a tokenizer, what it came to in the
 *     first part of the file, after which tokens were guessed; empty when all tokens were counted
 */
public record DatasetLengths(
    String source,
    CountedLengths lengths,
    List<String> shapes,
    boolean complete,
    boolean byTokenizer,
    OptionalDouble charactersPerToken) {

  public DatasetLengths {
    shapes = List.copyOf(shapes);
  }
}
