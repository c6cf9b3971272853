package dev.vramcast.core.rule;

import dev.vramcast.core.input.InputError;

/**
 * How large a model is, when that is all one knows.
 *
 * @param parameters all parameters
 * @param active parameters that one token visits; all of them unless the model has experts
 */
public record ModelSize(long parameters, long active) {

  public ModelSize {
    if (active < 1 || active > parameters) {
      throw InputError.of("active parameters are ", active)
          .allowed("1 to the ", parameters, " of the model")
          .refusal();
    }
  }

  /** A model without experts. */
  public static ModelSize dense(long parameters) {
    return new ModelSize(parameters, parameters);
  }

  /** Whether the model has experts that a token does not visit. */
  public boolean isSparse() {
    return active < parameters;
  }
}
