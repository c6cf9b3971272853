package dev.vramcast.core.input;

/** A choice of the job document, under the name it has there. */
public interface Named {

  /** The word in the job document, e.g. {@code bf16-mixed}. */
  String label();
}
