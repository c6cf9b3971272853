package dev.vramcast.core.input;

/** A choice of the job document or of a data file, under the name it has there. */
public interface Named {

  /** The word in the document, e.g. {@code bf16-mixed}. */
  String label();
}
