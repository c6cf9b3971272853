package dev.vramcast.core.architecture.mlp;

/** A layer that has only a token mixer (Nemotron-H). */
public record NoMlp() implements Mlp {

  @Override
  public long parameterCount() {
    return 0;
  }
}
