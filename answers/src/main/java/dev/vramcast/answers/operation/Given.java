package dev.vramcast.answers.operation;

import java.util.Optional;

/** The parameters that somebody gave. */
public interface Given {

  /** The text behind a parameter; empty when it is not given. */
  Optional<String> value(Parameter parameter);

  /** Whether a flag is given. */
  boolean has(Parameter parameter);
}
