package dev.vramcast.core.input;

import java.util.List;

/** A choice of the job document or of a data file, under the name it has there. */
public interface Named {

  /** The word in the document, e.g. {@code bf16-mixed}. */
  String label();

  /** Other words that mean nothing else, in lower case with hyphens; a file may hold them too. */
  default List<String> spoken() {
    return List.of();
  }
}
