package dev.vramcast.formats.dataset;

import java.util.List;

/**
 * What of an example is trained on.
 *
 * @param shape the fields that it was found in, e.g. {@code messages}
 * @param texts to be counted one by one, since they are joined by marks
 * @param marks tokens beside the texts: those that begin and end messages and the example
 * @param counted tokens that the file holds as numbers already
 */
record Example(String shape, List<String> texts, int marks, int counted) {

  /** Characters (Unicode code points) of all texts. */
  long characters() {
    return texts.stream().mapToLong(text -> text.codePointCount(0, text.length())).sum();
  }
}
