package dev.vramcast.core.architecture.tensor;

/** The part of a model that a parameter tensor belongs to. */
public enum TensorGroup {
  EMBEDDING,
  ATTENTION,
  MLP,
  ROUTER,
  EXPERTS,
  NORM,
  HEAD,
  TOWER
}
